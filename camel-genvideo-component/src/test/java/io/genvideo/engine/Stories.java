/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.LongStream;

/**
 * Seeds of random stories, the same in each build. {@code -Dgenvideo.stories=50} tells 50 times as many, and
 * {@code -Dgenvideo.stories.seed=random} others than usual; a story that fails names its seed, from which
 * {@code -Dgenvideo.stories.seed=<seed>} begins.
 */
final class Stories {
    private static final String SEED = System.getProperty("genvideo.stories.seed", "0");
    private static final long FIRST =
            "random".equals(SEED) ? ThreadLocalRandom.current().nextLong(1L << 40) : Long.parseLong(SEED);

    private Stories() {}

    /** @param usual how many stories a build tells */
    static LongStream seeds(long usual) {
        return LongStream.range(FIRST, FIRST + usual * Long.getLong("genvideo.stories", 1));
    }

    /** The first seeds of blocks of stories, each of which is one test. */
    static LongStream blocks(int usual, int storiesPerBlock) {
        return seeds(usual).map(block -> FIRST + (block - FIRST) * storiesPerBlock);
    }
}
