-- picture: where the person's picture is, as the site says.
ALTER TABLE provider_identities ADD COLUMN picture TEXT;
