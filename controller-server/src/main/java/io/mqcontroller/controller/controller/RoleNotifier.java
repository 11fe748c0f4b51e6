package io.mqcontroller.controller.controller;

import io.mqcontroller.controller.metadata.BrokerGroup;

/** Tells a broker of a new role (code 1008 in RocketMQ's protocol). Never blocks; may lose: brokers also poll. */
public interface RoleNotifier {
    /** Sends {@code group}'s master and SyncStateSet to {@code address}; an older one still waiting for that address is dropped. */
    void notifyRole(String address, BrokerGroup group);
}
