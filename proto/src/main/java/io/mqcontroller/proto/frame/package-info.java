/**
 * Frames: how messages of ours are cut out of a stream of bytes.
 *
 * <p>A connection begins with four bytes, {@code 4D 51 43 01} ("MQC" and the version of this framing). After them come frames:
 * length of the payload (4 bytes, big-endian), CRC32C of the payload (4 bytes), payload. RocketMQ's remoting, HTTP and TLS
 * begin otherwise: read as the length of a remoting frame the four bytes are far beyond its limit.
 *
 * <p>Runs on Netty's event loops, one instance a connection. Imports protobuf and Netty.
 */
package io.mqcontroller.proto.frame;
