/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;

/**
 * Distinguishes addresses of the public internet from all others. An IPv4 address is public unless it is in one of the reserved
 * blocks below. For IPv6 the only space given out for public use is 2000::/3, so that loopback, link-local, unique-local,
 * multicast, IPv4-mapped and NAT64 addresses are not public.
 */
public final class PublicAddresses {

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

    private static final List<String> LOCAL_ENDINGS =
            List.of(".localhost", ".local", ".internal", ".home.arpa", ".lan");

    private PublicAddresses() {}

    /** Whether a resolved address belongs to the public internet. */
    public static boolean isPublic(InetAddress address) {
        byte[] bytes = address.getAddress();
        return address instanceof Inet4Address
                ? RESERVED_4.stream().noneMatch(block -> block.contains(bytes))
                : GLOBAL_UNICAST_6.contains(bytes) && RESERVED_6.stream().noneMatch(block -> block.contains(bytes));
    }

    /**
     * Whether a server on the internet could find this host, decided by the host's text alone. Nothing is resolved: a lookup
     * blocks, and it answers for this machine, not what the service sees.
     *
     * @param host of a URI: a name, an IPv4 address, or an IPv6 address with or without brackets
     * @return {@code false} for addresses that are not {@linkplain #isPublic(InetAddress) public}, for names without a dot,
     *     for names that consist of numbers and dots but are no IPv4 address, and for names that are reserved for local
     *     networks ({@code localhost}, {@code local}, {@code internal}, {@code home.arpa}, {@code lan})
     */
    public static boolean isPublicHost(String host) {
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        String bare = bracketed ? host.substring(1, host.length() - 1) : host;
        if (bare.indexOf(':') >= 0) {
            return isPublicLiteral(bare);
        }
        String name = (bare.endsWith(".") ? bare.substring(0, bare.length() - 1) : bare).toLowerCase(Locale.ROOT);
        if (isNumeric(name)) {
            return isDottedQuad(name) && isPublicLiteral(name);
        }
        return name.indexOf('.') > 0 && LOCAL_ENDINGS.stream().noneMatch(name::endsWith);
    }

    /** Whether the last label is a number: then resolvers read the whole name as an IPv4 address, also 2130706433 and 0x7f.1. */
    private static boolean isNumeric(String name) {
        String last = name.substring(name.lastIndexOf('.') + 1);
        return !last.isEmpty()
                && (last.chars().allMatch(c -> c >= '0' && c <= '9')
                        || (last.startsWith("0x") && last.chars().skip(2).allMatch(c -> Character.digit(c, 16) >= 0)));
    }

    private static boolean isDottedQuad(String name) {
        String[] parts = name.split("\\.", -1);
        return parts.length == 4
                && List.of(parts).stream()
                        .allMatch(part -> !part.isEmpty()
                                && part.length() <= 3
                                && part.chars().allMatch(c -> c >= '0' && c <= '9')
                                && (part.length() == 1 || part.charAt(0) != '0')
                                && Integer.parseInt(part) <= 255);
    }

    /** @param literal a numeric address, for which {@link InetAddress#getByName} asks no name server */
    private static boolean isPublicLiteral(String literal) {
        try {
            return isPublic(InetAddress.getByName(literal));
        } catch (UnknownHostException notAnAddress) {
            return false;
        }
    }
}
