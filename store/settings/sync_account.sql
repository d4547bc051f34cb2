-- Makes agents and numbers of an account what the provider listed, all of it or nothing, under W: no dial with what is
-- gone can follow the answer. New ones are added, names follow. Those that are gone are disabled, unless the list may
-- have been cut (areAgentsCut, areNumbersCut), and the running batches that use them are paused. Nothing is deleted,
-- and nothing is enabled: a person may have had a reason. p_listed: agents (id, name), numbers (phone, label, agent),
-- agentIds and phones of everything that was listed. Safe to repeat. agents and numbers say how many were added,
-- updated and disabled.
CREATE OR REPLACE FUNCTION sync_account(p_workspace uuid, p_account uuid, p_listed jsonb, p_actor jsonb,
  OUT agents jsonb, OUT numbers jsonb, OUT paused uuid[]) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  gone_agents uuid[];
  gone_numbers uuid[];
  reason CONSTANT text := 'The provider no longer has its %s. Once it is there again, enable it, then resume.';
BEGIN
  PERFORM lock_workspace(p_workspace);
  agents := write_listed_agents(p_workspace, p_account, p_listed -> 'agents');
  numbers := write_listed_numbers(p_workspace, p_account, p_listed -> 'numbers');
  WITH gone AS (UPDATE agents SET disabled_at = dialwright_now()
      WHERE provider_account_id = p_account AND disabled_at IS NULL AND NOT (p_listed ->> 'areAgentsCut')::boolean
        AND NOT p_listed -> 'agentIds' ? provider_agent_id
      RETURNING id)
    SELECT coalesce(array_agg(id), '{}') INTO gone_agents FROM gone;
  WITH gone AS (UPDATE phone_numbers SET disabled_at = dialwright_now()
      WHERE provider_account_id = p_account AND disabled_at IS NULL AND NOT (p_listed ->> 'areNumbersCut')::boolean
        AND NOT p_listed -> 'phones' ? phone
      RETURNING id)
    SELECT coalesce(array_agg(id), '{}') INTO gone_numbers FROM gone;
  agents := agents || jsonb_build_object('disabled', cardinality(gone_agents));
  numbers := numbers || jsonb_build_object('disabled', cardinality(gone_numbers));
  PERFORM record_audit(p_workspace, p_actor, 'sync account', jsonb_build_object(
    'target', jsonb_build_object('kind', 'providerAccount', 'id', p_account),
    'detail', jsonb_build_object('agents', agents, 'numbers', numbers)));
  paused := pause_batches(p_workspace, gone_agents, format(reason, 'agent'));
  paused := paused || pause_batches(p_workspace, gone_numbers, format(reason, 'from-number'));
END $$;
