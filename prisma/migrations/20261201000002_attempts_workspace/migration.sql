-- The key of the batch, which names the workspace, says that there is one: each call was checked a second time for it.
ALTER TABLE attempts DROP CONSTRAINT attempts_workspace_id_fkey;
