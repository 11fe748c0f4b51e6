package io.mqcontroller.controller.controller.service;

import io.mqcontroller.controller.metadata.GroupKey;

/** A slave as its master's agent sees it. */
public record SlaveView(GroupKey group, AgentStatus.Slave status) {}
