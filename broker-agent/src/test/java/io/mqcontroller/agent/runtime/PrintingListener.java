package io.mqcontroller.agent.runtime;

import io.mqcontroller.agent.spi.AgentListener;

/** What an agent of a test says goes to the output of the test. */
final class PrintingListener implements AgentListener {
    @Override
    public void info(String message) {
        System.out.println(message);
    }

    @Override
    public void warn(String message, Throwable cause) {
        System.out.println(message + (cause == null ? "" : " " + cause));
    }
}
