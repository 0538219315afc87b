/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.media;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.jcodec.codecs.h264.H264Encoder;
import org.jcodec.codecs.h264.encode.RateControl;
import org.jcodec.codecs.h264.io.model.SliceType;
import org.jcodec.common.Codec;
import org.jcodec.common.MuxerTrack;
import org.jcodec.common.VideoCodecMeta;
import org.jcodec.common.VideoEncoder.EncodedFrame;
import org.jcodec.common.io.FileChannelWrapper;
import org.jcodec.common.io.NIOUtils;
import org.jcodec.common.model.ColorSpace;
import org.jcodec.common.model.Packet;
import org.jcodec.common.model.Picture;
import org.jcodec.common.model.Size;
import org.jcodec.containers.mp4.muxer.MP4Muxer;

/** H.264 baseline in pure Java. */
final class JcodecEncoder implements FrameEncoder {
    /** Quantiser: 24 keeps drawn text crisp at a few hundred kilobytes per clip. */
    private static final int QP = 24;
    /** How far a block is searched for; pans move by a few pixels a frame, and the default of 16 costs twice the time. */
    private static final int SEARCH = 4;

    private final Path file;
    private final int rate;
    private final FileChannelWrapper channel;
    private final MP4Muxer muxer;
    private final MuxerTrack track;
    private final H264Encoder encoder = new H264Encoder(new FixedQuality());
    private final Picture picture;
    private final ByteBuffer buffer;
    private int count;

    JcodecEncoder(Path file, int width, int height, int rate) throws IOException {
        this.file = file;
        this.rate = rate;
        encoder.setKeyInterval(rate * 2);
        encoder.setMotionSearchRange(SEARCH);
        picture = Picture.create(width, height, ColorSpace.YUV420J);
        buffer = ByteBuffer.allocate(Math.max(encoder.estimateBufferSize(picture), width * height * 3));
        channel = NIOUtils.writableChannel(file.toFile());
        muxer = MP4Muxer.createMP4MuxerToChannel(channel);
        track = muxer.addVideoTrack(
                Codec.H264, VideoCodecMeta.createSimpleVideoCodecMeta(new Size(width, height), ColorSpace.YUV420J));
    }

    @Override
    public void add(BufferedImage frame) throws IOException {
        toYuv(frame, picture);
        buffer.clear();
        EncodedFrame encoded = encoder.encodeFrame(picture, buffer);
        track.addFrame(Packet.createPacket(
                NIOUtils.duplicate(encoded.getData()),
                count,
                rate,
                1,
                count,
                encoded.isKeyFrame() ? Packet.FrameType.KEY : Packet.FrameType.INTER,
                null));
        count++;
    }

    @Override
    public void finish() throws IOException {
        muxer.finish();
        channel.close();
        FastStart.apply(file);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /**
     * BGR to planar 4:2:0, BT.601 with limited range: the stream says nothing of its colours, and that is what players
     * then assume. JCodec's samples are signed, 0 being mid-grey.
     */
    static void toYuv(BufferedImage image, Picture out) {
        byte[] bgr = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
        int w = image.getWidth();
        int h = image.getHeight();
        byte[] ys = out.getPlaneData(0);
        byte[] us = out.getPlaneData(1);
        byte[] vs = out.getPlaneData(2);
        int yWidth = out.getPlaneWidth(0);
        int cWidth = out.getPlaneWidth(1);
        for (int y = 0; y < h; y += 2) {
            for (int x = 0; x < w; x += 2) {
                int sumR = 0;
                int sumG = 0;
                int sumB = 0;
                for (int k = 0; k < 4; k++) {
                    int px = x + (k & 1);
                    int py = y + (k >> 1);
                    int at = (py * w + px) * 3;
                    int b = bgr[at] & 255;
                    int g = bgr[at + 1] & 255;
                    int r = bgr[at + 2] & 255;
                    ys[py * yWidth + px] = (byte) (((66 * r + 129 * g + 25 * b + 128) >> 8) + 16 - 128);
                    sumR += r;
                    sumG += g;
                    sumB += b;
                }
                int c = (y >> 1) * cWidth + (x >> 1);
                us[c] = (byte) ((-38 * sumR - 74 * sumG + 112 * sumB + 512) >> 10);
                vs[c] = (byte) ((112 * sumR - 94 * sumG - 18 * sumB + 512) >> 10);
            }
        }
    }

    /** The same quantiser for every block: what is drawn here never needs a bit budget. */
    private static final class FixedQuality implements RateControl {
        @Override
        public int startPicture(Size size, int maxSize, SliceType sliceType) {
            return QP;
        }

        @Override
        public int initialQpDelta() {
            return 0;
        }

        @Override
        public int accept(int bits) {
            return 0;
        }
    }
}
