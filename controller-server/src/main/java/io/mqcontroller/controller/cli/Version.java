package io.mqcontroller.controller.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** Which build this is. */
public final class Version implements IVersionProvider {
    /** As the build wrote it into the jar. */
    public static String current() {
        try (InputStream in = Version.class.getResourceAsStream("/version.properties")) {
            Properties properties = new Properties();
            properties.load(in);
            return properties.getProperty("version");
        } catch (IOException e) {
            throw new UncheckedIOException("version.properties in the jar", e);
        }
    }

    @Override
    public String[] getVersion() {
        return new String[] {
            "mqcontroller " + current() + ", Java " + Runtime.version() + " (" + System.getProperty("java.vendor") + ")"
        };
    }
}
