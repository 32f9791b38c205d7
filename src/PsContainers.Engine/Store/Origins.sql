-- Version 2. What a registry last gave for a name: the digest of a manifest, or of an index that lists it among others. While the
-- registry still says so, the image is up to date. Null for names that no registry gave.
ALTER TABLE image_name ADD COLUMN origin TEXT;
