/** Makes and keeps media: draws the frames, encodes the MP4, stores uploads and results on disk, serves them. */
@NullMarked
package io.genvideo.sandbox.media;

import org.jspecify.annotations.NullMarked;
