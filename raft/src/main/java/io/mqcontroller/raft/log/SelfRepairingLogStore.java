package io.mqcontroller.raft.log;

import io.mqcontroller.raft.core.RecoveredState;
import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The store of a member of a cluster. If it turns out to be damaged at start, its files are kept aside, and an empty one takes
 * its place that says so: the member gets everything back from the leader, and has no vote until then. What is found damaged
 * later ends the process, and is found again at the next start. Where nobody else has a copy, a damaged store is only refused.
 */
public final class SelfRepairingLogStore extends ForwardingLogStore implements NumberedStore {
    private static final Logger LOG = LoggerFactory.getLogger(SelfRepairingLogStore.class);

    private final Path directory;
    private final StoreOwner owner;
    private final StoreReplacement replacement;
    private final boolean othersHaveCopies;
    private volatile RocksLogStore store;

    private SelfRepairingLogStore(Path directory, StoreOwner owner, boolean othersHaveCopies) throws IOException {
        this.directory = directory;
        this.othersHaveCopies = othersHaveCopies;
        this.owner = owner;
        this.replacement = new StoreReplacement(directory, owner);
        this.store = openOrReplace();
    }

    /**
     * Opens the store in {@code directory}, makes it if there is none, replaces it if it is damaged.
     *
     * @param othersHaveCopies whether there are other members to get everything back from
     * @throws DamagedStoreException if it is damaged and nobody else has a copy; the message shows the way out
     * @throws ForeignStoreException if it is another cluster's, member's, or version's
     * @throws IOException if another process has it open, or the disk fails
     */
    public static SelfRepairingLogStore open(Path directory, StoreOwner owner, boolean othersHaveCopies)
            throws IOException {
        return new SelfRepairingLogStore(directory, owner, othersHaveCopies);
    }

    private RocksLogStore openOrReplace() throws IOException {
        if (replacement.isUnderWay()) {
            return replacement.finish();
        }
        try {
            RocksLogStore opened = RocksLogStore.open(directory, owner);
            replacement.remember(opened);
            return opened;
        } catch (DamagedStoreException damaged) {
            return replace(damaged);
        }
    }

    private RocksLogStore replace(DamagedStoreException damaged) throws IOException {
        if (!othersHaveCopies) {
            throw new DamagedStoreException(
                    damaged.getMessage() + "\nNobody else has a copy. To begin anew without it: mv " + directory + " "
                            + directory
                            + ".lost, and start again; brokers are then taken in as they report, with their ids"
                            + " and data.",
                    damaged);
        }
        Path aside = replacement.begin(damaged.getMessage());
        LOG.error(
                "event=store_damaged kept_at={} what=\"{}\" now=\"an empty store is filled from the leader; "
                        + "this member does not vote until that is done\"",
                aside,
                damaged.getMessage());
        return replacement.finish();
    }

    @Override
    protected RocksLogStore store() {
        return store;
    }

    /** The store's own; a store that takes the place of a damaged one goes by the same. */
    @Override
    public long incarnation() {
        return store.incarnation();
    }

    /** The store's own; one that takes the place of a damaged one has another number, and says what it is. */
    @Override
    public KnownStores knownStores() {
        return store.knownStores();
    }

    @Override
    public String rememberFirstMembers(String told) throws IOException {
        return store.rememberFirstMembers(told);
    }

    @Override
    public RecoveredState recover() throws IOException {
        try {
            return store.recover();
        } catch (DamagedStoreException damaged) {
            store.close();
            store = replace(damaged);
            return store.recover();
        }
    }
}
