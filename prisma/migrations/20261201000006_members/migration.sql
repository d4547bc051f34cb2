-- People who sign in. One person may be a member of several workspaces.
CREATE TABLE people (
  id uuid PRIMARY KEY DEFAULT new_id(),
  -- In small letters: it is compared as it stands.
  email text NOT NULL UNIQUE CHECK (email = lower(email) AND length(email) BETWEEN 3 AND 254),
  -- Argon2id, in the form that names its parameters; NULL until one was chosen.
  password_hash text,
  -- Whether it was chosen by a link that an admin of a workspace has made: the admin had the link, and may know it.
  password_by_admin_link boolean NOT NULL DEFAULT false,
  created_at timestamptz(3) NOT NULL DEFAULT dialwright_now()
);

CREATE TABLE members (
  id uuid PRIMARY KEY DEFAULT new_id(),
  workspace_id uuid NOT NULL REFERENCES workspaces,
  person_id uuid NOT NULL REFERENCES people,
  -- Of the person in this workspace: no other one gives it, or sees it.
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
  role text NOT NULL CHECK (role IN ('viewer', 'operator', 'admin')),
  -- Who invited them: the id of a member or a key, or setup.
  created_by text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT dialwright_now(),
  -- When the person has spent a link of this workspace. Until then the membership lets nobody in: an address alone does
  -- not show whose account it is.
  accepted_at timestamptz(3),
  -- When the person has begun to work in this workspace last, by a sign-in or by switching to it.
  worked_at timestamptz(3),
  UNIQUE (workspace_id, person_id)
);
CREATE INDEX members_person_id_idx ON members (person_id);

-- Links by which a person becomes a member, or chooses another password: each is spent once.
CREATE TABLE sign_in_links (
  -- SHA-256 of what the link carries.
  token_hash bytea PRIMARY KEY,
  member_id uuid NOT NULL REFERENCES members ON DELETE CASCADE,
  -- Whether a password is chosen although there is one.
  is_reset boolean NOT NULL,
  -- Whether it was sent to the mailbox of the person, and was in no answer: who has it has shown the address.
  is_mailed boolean NOT NULL DEFAULT false,
  expires_at timestamptz NOT NULL,
  spent_at timestamptz
);
CREATE INDEX sign_in_links_member_id_idx ON sign_in_links (member_id);

-- Of express-session, as connect-pg-simple writes them, but for the id, which is kept as its SHA-256 only.
CREATE TABLE sessions (
  sid text PRIMARY KEY,
  sess jsonb NOT NULL,
  expire timestamptz NOT NULL
);
CREATE INDEX sessions_expire_idx ON sessions (expire);
CREATE INDEX sessions_person_idx ON sessions ((sess ->> 'personId'));
