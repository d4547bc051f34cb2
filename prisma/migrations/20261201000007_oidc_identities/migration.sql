-- Who somebody is for an identity provider. An issuer knows a person by one subject.
CREATE TABLE oidc_identities (
  issuer text NOT NULL CHECK (length(issuer) BETWEEN 1 AND 500),
  subject text NOT NULL CHECK (length(subject) BETWEEN 1 AND 255),
  person_id uuid NOT NULL REFERENCES people ON DELETE CASCADE,
  created_at timestamptz(3) NOT NULL DEFAULT dialwright_now(),
  PRIMARY KEY (issuer, subject),
  UNIQUE (person_id, issuer)
);
