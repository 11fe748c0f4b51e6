package io.mqcontroller.controller.controller.service;

/** What a broker with an agent is, by what its agent says. */
public enum AgentRole {
    /** It takes no writes, and copies nothing. */
    FENCED,
    MASTER,
    SLAVE
}
