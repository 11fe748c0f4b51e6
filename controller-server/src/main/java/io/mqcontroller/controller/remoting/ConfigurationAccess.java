package io.mqcontroller.controller.remoting;

import java.util.Map;
import java.util.Optional;

/** This node's configuration as {@code mqadmin} reads and changes it. May block: not called on an event loop. */
public interface ConfigurationAccess {
    /** Every key with the value in force, sorted, one {@code key=value} a line, each line ended by a line feed. */
    String effectiveProperties();

    /**
     * Sets all of {@code changes} or none.
     *
     * @param by address of who asks for it
     * @return why not, naming the key; empty when they are in force
     */
    Optional<String> update(Map<String, String> changes, String by);
}
