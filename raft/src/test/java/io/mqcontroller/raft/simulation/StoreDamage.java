package io.mqcontroller.raft.simulation;

import io.mqcontroller.raft.codec.EntryCodec;
import io.mqcontroller.raft.core.Bytes;
import io.mqcontroller.raft.core.Entry;

/** What a disk does to what was durable on it. */
enum StoreDamage {
    /** A bit of the database's files, noticed by its own checksums. */
    FLIP_IN_DATABASE {
        @Override
        boolean strike(LogImage image, Chance chance) {
            image.breakDatabaseAt(chance.between(image.base() + 1, image.last().index()));
            return true;
        }
    },
    /** A bit of an entry, where the database's checksums do not reach. */
    FLIP_IN_ENTRY {
        @Override
        boolean strike(LogImage image, Chance chance) {
            if (image.isEmpty()) {
                return false;
            }
            Entry victim = image.anyEntry(chance);
            byte[] record = EntryCodec.encode(victim).toByteArray();
            flipABit(record, chance);
            image.putRecord(victim.index(), record);
            return true;
        }
    },
    FLIP_IN_SNAPSHOT {
        @Override
        boolean strike(LogImage image, Chance chance) {
            if (image.snapshot().isEmpty()) {
                return false;
            }
            StoredSnapshot stored = image.snapshot().get();
            byte[] content = stored.content().toByteArray();
            flipABit(content, chance);
            image.setOwnSnapshot(new StoredSnapshot(stored.metadata(), Bytes.wrap(content)));
            return true;
        }
    },
    /** An entry was written to another one's place. */
    MISDIRECTED_WRITE {
        @Override
        boolean strike(LogImage image, Chance chance) {
            if (image.isEmpty()) {
                return false;
            }
            Entry written = image.anyEntry(chance);
            Entry overwritten = image.anyEntry(chance);
            if (written.index() == overwritten.index()) {
                return false;
            }
            image.putRecord(overwritten.index(), EntryCodec.encode(written).toByteArray());
            return true;
        }
    },
    /**
     * An entry that was truncated is read in the place of the one that was written later. Not the last one: that is the same as
     * a disk that has not written what it called durable, which nothing on that disk can show.
     */
    STALE_READ {
        @Override
        boolean strike(LogImage image, Chance chance) {
            return image.former(chance)
                    .map(entry -> {
                        image.putRecord(entry.index(), EntryCodec.encode(entry).toByteArray());
                        return true;
                    })
                    .orElse(false);
        }
    };

    /** False if there is nothing of the kind that could be damaged. */
    abstract boolean strike(LogImage image, Chance chance);

    private static void flipABit(byte[] bytes, Chance chance) {
        bytes[chance.below(bytes.length)] ^= (byte) (1 << chance.below(Byte.SIZE));
    }
}
