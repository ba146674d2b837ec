-- What somebody reads, as a tag of BCP 47; whoever was here before reads what their tenant says until they say or show it.
ALTER TABLE people ADD COLUMN language {text};
