-- When the last membership of a person was removed; NULL while there is one. Such a person is forgotten after a while.
ALTER TABLE people ADD COLUMN left_at timestamptz(3);
UPDATE people p SET left_at = dialwright_now() WHERE NOT EXISTS (SELECT FROM members m WHERE m.person_id = p.id);
CREATE INDEX people_left_at_idx ON people (left_at) WHERE left_at IS NOT NULL;
-- Links that are over are forgotten, the oldest first.
CREATE INDEX sign_in_links_expires_at_idx ON sign_in_links (expires_at);
