/**
 * The page for operators: its files, the state that it shows, and the changes as they happen.
 *
 * <p>One thread ({@code console}) owns what is shown: it asks the controller's loop for a survey while somebody watches, finds out
 * what is different from the one before, and sends that to all who watch. Connections are the HTTP server's. Imports the HTTP
 * server, {@code controller}, {@code metadata}, {@code raft.core} and Jackson.
 */
package io.mqcontroller.controller.http.console;
