package io.mqcontroller.controller.http.console;

import io.mqcontroller.controller.controller.service.ControllerView;

/**
 * A point of the charts.
 *
 * @param groupsWithoutMaster that had one, or whose master is dead
 * @param replicasDead -1 if this controller does not lead
 * @param lagMs of the slave that is furthest behind, as far as masters have agents; -1 if this controller does not lead
 */
record Sample(long atWallMs, int groupsWithoutMaster, int replicasDead, long lagMs) {
    static Sample of(ControllerView view, long atWallMs) {
        boolean leading = view.leading();
        return new Sample(
                atWallMs,
                view.groupsWithoutMaster() + view.groupsWithDeadMaster(),
                leading ? view.replicas() - view.replicasAlive() : -1,
                leading ? view.agents().longestLagMs() : -1);
    }
}
