package io.mqcontroller.controller.config;

import java.util.List;

/** The configuration can't be used. Names every mistake: which key, from where, what it says, what would be right. */
public class InvalidConfigException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<String> mistakes;

    public InvalidConfigException(List<String> mistakes) {
        super(mistakes.size() + (mistakes.size() == 1 ? " mistake" : " mistakes") + " in the configuration:\n  "
                + String.join("\n  ", mistakes));
        this.mistakes = List.copyOf(mistakes);
    }

    public List<String> mistakes() {
        return mistakes;
    }
}
