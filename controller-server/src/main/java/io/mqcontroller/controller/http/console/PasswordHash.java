package io.mqcontroller.controller.http.console;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * What is kept of a password: PBKDF2 with HMAC-SHA-512, as {@code pbkdf2-sha512:ITERATIONS:SALT:HASH} in one line of a file.
 */
public final class PasswordHash {
    private static final String NAME = "pbkdf2-sha512";
    private static final String ALGORITHM = "PBKDF2WithHmacSHA512";

    /** A fifth of a second for whoever signs in, and for each guess of somebody who has got hold of the file. */
    private static final int ITERATIONS = 210_000;

    private static final int MAX_ITERATIONS = 10_000_000;
    private static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 64;
    private static final int MAX_PASSWORD_CHARS = 256;

    private final int iterations;
    private final byte[] salt;
    private final byte[] hash;

    private PasswordHash(int iterations, byte[] salt, byte[] hash) {
        this.iterations = iterations;
        this.salt = salt;
        this.hash = hash;
    }

    /** With a salt of its own. */
    public static PasswordHash of(char[] password) {
        byte[] salt = new byte[SALT_BYTES];
        new SecureRandom().nextBytes(salt);
        return new PasswordHash(ITERATIONS, salt, derive(password, ITERATIONS, salt));
    }

    /**
     * Reads the file's only line.
     *
     * @throws IOException if there is none such; the message says what would be right
     */
    public static PasswordHash read(Path file) throws IOException {
        try {
            String[] parts = Files.readString(file).strip().split(":");
            if (parts.length == 4 && parts[0].equals(NAME)) {
                int iterations = Integer.parseInt(parts[1]);
                byte[] salt = Base64.getDecoder().decode(parts[2]);
                byte[] hash = Base64.getDecoder().decode(parts[3]);
                if (iterations >= 1 && iterations <= MAX_ITERATIONS && salt.length > 0 && hash.length == HASH_BYTES) {
                    return new PasswordHash(iterations, salt, hash);
                }
            }
        } catch (IllegalArgumentException | IOException unreadable) {
            throw new IOException(wrong(file), unreadable);
        }
        throw new IOException(wrong(file));
    }

    private static String wrong(Path file) {
        return file + " (consolePasswordFile) must hold the one line that bin/mqcontroller --hash-password prints";
    }

    /** Takes as long whether it is right or wrong. */
    boolean matches(String password) {
        return password.length() <= MAX_PASSWORD_CHARS
                && MessageDigest.isEqual(hash, derive(password.toCharArray(), iterations, salt));
    }

    /** The line for the file. */
    @Override
    public String toString() {
        Base64.Encoder encoder = Base64.getEncoder();
        return NAME + ":" + iterations + ":" + encoder.encodeToString(salt) + ":" + encoder.encodeToString(hash);
    }

    private static byte[] derive(char[] password, int iterations, byte[] salt) {
        PBEKeySpec key = new PBEKeySpec(password, salt, iterations, HASH_BYTES * Byte.SIZE);
        try {
            return SecretKeyFactory.getInstance(ALGORITHM).generateSecret(key).getEncoded();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java has " + ALGORITHM, impossible);
        } finally {
            key.clearPassword();
        }
    }
}
