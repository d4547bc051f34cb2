-- Raised by what ends the sessions of a person, another password for one: a session of an epoch before is over, also
-- one that was begun at the same moment.
ALTER TABLE people ADD COLUMN sign_in_epoch integer NOT NULL DEFAULT 0;
-- Whether an admin of the member's workspace has made the link, and may know it.
ALTER TABLE sign_in_links ADD COLUMN made_by_admin boolean NOT NULL DEFAULT false;
