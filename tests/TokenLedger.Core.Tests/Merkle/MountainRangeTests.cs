// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core.Codec;
using TokenLedger.Core.Merkle;
using TokenLedger.Core.State;
using TokenLedger.Testing.Generators;

namespace TokenLedger.Core.Tests.Merkle;

public sealed class MountainRangeTests
{
    [Fact]
    public void Append_OneByOne_EqualsTheNaivePeaks()
    {
        var generator = new CoreGenerator(9);
        var headers = new List<Hash256>();
        MountainRange range = MountainRange.Empty;
        for (int i = 0; i < 300; i++)
        {
            Assert.Equal((ulong)i, range.Count);
            Assert.Equal(NaivePeaks(headers), range.Peaks);
            Hash256 header = generator.Hash();
            headers.Add(header);
            range = range.Append(header);
        }
    }

    [Fact]
    public void Root_EveryCount_IsAnotherAndAppendLeavesTheOldOne()
    {
        var roots = new HashSet<Hash256>();
        MountainRange range = MountainRange.Empty;
        for (int i = 0; i < 100; i++)
        {
            Hash256 root = range.Root();
            MountainRange next = range.Append(Hash256.Zero);
            Assert.True(roots.Add(root));
            Assert.Equal(root, range.Root());
            range = next;
        }
    }

    [Fact]
    public void Read_Written_ContinuesAsTheOriginal()
    {
        var generator = new CoreGenerator(10);
        for (int i = 0; i < 50; i++)
        {
            MountainRange range = generator.MountainRange();
            MountainRange read = StateCodec.Decode(
                StateCodec.Encode(range, (w, v) => v.Write(w)), MountainRange.Read);
            Hash256 header = generator.Hash();

            Assert.Equal(range.Root(), read.Root());
            Assert.Equal(range.Append(header).Root(), read.Append(header).Root());
        }
    }

    [Fact]
    public void Read_CountWithoutItsPeaks_IsRefused()
    {
        byte[] bytes = [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, .. new byte[63 * Hash256.Size]];

        Assert.Throws<CanonicalFormatException>(() => StateCodec.Decode(bytes, MountainRange.Read));
    }

    /// <summary>A perfect tree over each power of two in the count, widest first.</summary>
    private static List<Hash256> NaivePeaks(List<Hash256> headers)
    {
        var peaks = new List<Hash256>();
        int start = 0;
        for (int width = 1 << 20; width > 0; width >>= 1)
        {
            if ((headers.Count & width) != 0)
            {
                peaks.Add(Perfect(headers.GetRange(start, width)));
                start += width;
            }
        }

        return peaks;
    }

    private static Hash256 Perfect(List<Hash256> headers) => headers.Count == 1
        ? MountainRange.LeafOf(headers[0])
        : Hashing.Hash(
            DomainTag.HistoryNode,
            Perfect(headers[..(headers.Count / 2)]),
            Perfect(headers[(headers.Count / 2)..]));
}
