/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http.apache;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;

/**
 * Tells addresses of the public internet from all others. An address is public if nothing here says otherwise; for IPv6 the
 * only space given out for public use is 2000::/3, so loopback, link-local, unique-local, multicast, IPv4-mapped and NAT64
 * addresses fail by not being in it.
 */
final class PublicAddresses {

    private record Block(byte[] prefix, int bits) {
        static Block of(int bits, int... prefix) {
            byte[] bytes = new byte[prefix.length];
            for (int i = 0; i < prefix.length; i++) {
                bytes[i] = (byte) prefix[i];
            }
            return new Block(bytes, bits);
        }

        boolean contains(byte[] address) {
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >> (bit % 8);
                if ((address[bit / 8] & mask) != (prefix[bit / 8] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }

    private static final List<Block> RESERVED_4 = List.of(
            Block.of(8, 0), // this network
            Block.of(8, 10), // private
            Block.of(10, 100, 64), // carrier-grade NAT
            Block.of(8, 127), // loopback
            Block.of(16, 169, 254), // link-local, and the clouds' metadata services
            Block.of(12, 172, 16), // private
            Block.of(24, 192, 0, 0), // protocol assignments
            Block.of(24, 192, 0, 2), // documentation
            Block.of(24, 192, 88, 99), // 6to4 relays
            Block.of(16, 192, 168), // private
            Block.of(15, 198, 18), // benchmarks
            Block.of(24, 198, 51, 100), // documentation
            Block.of(24, 203, 0, 113), // documentation
            Block.of(4, 224), // multicast
            Block.of(4, 240)); // reserved, broadcast

    private static final Block GLOBAL_UNICAST_6 = Block.of(3, 0x20);

    private static final List<Block> RESERVED_6 = List.of(
            Block.of(23, 0x20, 0x01, 0x00), // protocol assignments; Teredo carries an IPv4 address
            Block.of(32, 0x20, 0x01, 0x0d, 0xb8), // documentation
            Block.of(16, 0x20, 0x02), // 6to4 carries an IPv4 address
            Block.of(20, 0x3f, 0xff, 0x00)); // documentation

    private PublicAddresses() {}

    static boolean isPublic(InetAddress address) {
        byte[] bytes = address.getAddress();
        return address instanceof Inet4Address
                ? RESERVED_4.stream().noneMatch(block -> block.contains(bytes))
                : GLOBAL_UNICAST_6.contains(bytes) && RESERVED_6.stream().noneMatch(block -> block.contains(bytes));
    }
}
