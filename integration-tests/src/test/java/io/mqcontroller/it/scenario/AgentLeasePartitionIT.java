package io.mqcontroller.it.scenario;

/** The master acknowledges what it alone has: only its lease keeps it from doing so beside its successor. */
class AgentLeasePartitionIT extends AgentPartition {
    AgentLeasePartitionIT() {
        super(false);
    }
}
