package io.mqcontroller.raft.simulation;

/** Stores that do what no store may do. */
final class DiskMutants {
    private DiskMutants() {}

    /** Opens without making sure of this. */
    static Interference without(StoreCheck omitted) {
        return new Interference() {
            @Override
            public boolean checks(StoreCheck check) {
                return check != omitted;
            }
        };
    }

    static Interference reportsBeforeDurable() {
        return new Interference() {
            @Override
            public boolean reportsBeforeDurable(SimDisk disk) {
                return true;
            }
        };
    }

    static Interference losesTheLastEntryInACrash() {
        return new Interference() {
            @Override
            public void onCrash(LogImage durable) {
                durable.lose(1);
            }
        };
    }

    static Interference ignoresFailedSyncs() {
        return new Interference() {
            @Override
            public boolean ignoresFailedSyncs() {
                return true;
            }
        };
    }

    /** After some crashes the member comes back with an empty disk, under its old name, and knows of nothing. */
    static Interference comesBackEmpty() {
        return new Interference() {
            private int crashes;

            @Override
            public void onCrash(LogImage durable) {
                if (++crashes % 4 == 0) {
                    durable.becomeCopyOf(new LogImage(false));
                }
            }
        };
    }
}
