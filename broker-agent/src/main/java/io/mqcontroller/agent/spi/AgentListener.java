package io.mqcontroller.agent.spi;

/** What the agent has to say to people. Called from any of its threads; must not block. */
public interface AgentListener {
    /** A role, a fencing, a connection: what an operator wants to find in the log. */
    void info(String message);

    /** Something did not work; what happens now is part of the message. */
    void warn(String message, Throwable cause);
}
