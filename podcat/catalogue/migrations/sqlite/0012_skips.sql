-- Hours and days at which a feed wants no looks (RSS: skipHours, skipDays): bits 0 to 23 are hours in
-- UTC, 24 to 30 the days from Monday.
ALTER TABLE sources ADD COLUMN skips INTEGER NOT NULL DEFAULT 0;
