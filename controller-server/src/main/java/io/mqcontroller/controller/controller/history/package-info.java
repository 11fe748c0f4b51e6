/**
 * What has changed, for people: elections, SyncStateSets, leaders, with their causes. Written by the controller loop; {@link
 * io.mqcontroller.controller.controller.history.EventHistory} may be read from any thread. Imports {@code metadata} and {@code
 * replication}.
 */
package io.mqcontroller.controller.controller.history;
