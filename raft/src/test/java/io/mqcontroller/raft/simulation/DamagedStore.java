package io.mqcontroller.raft.simulation;

/** A simulated store does not open: what it holds is not what was written. */
final class DamagedStore extends Exception {
    private static final long serialVersionUID = 1;

    DamagedStore(String what) {
        super(what);
    }
}
