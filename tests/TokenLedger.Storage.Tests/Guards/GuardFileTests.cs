// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using TokenLedger.Core;
using TokenLedger.Core.Codec;
using TokenLedger.Core.Consensus;
using TokenLedger.Storage.Guards;
using TokenLedger.Testing;

namespace TokenLedger.Storage.Tests.Guards;

public sealed class GuardFileTests : IDisposable
{
    private static readonly Hash256 Genesis = Hashing.Hash(DomainTag.Genesis, [1]);
    private static readonly Address Key = KeyedHashScheme.Validators(4)[1].Address;

    private readonly string _folder = Directory.CreateTempSubdirectory("tokenledger-guard-").FullName;

    private string FilePath => Path.Combine(_folder, "deep", "vote.guard");

    public GuardFileTests() => Directory.CreateDirectory(Path.Combine(_folder, "deep"));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Replace_ManyTimes_TheLastIsReadAndTheLengthStays()
    {
        using (GuardFile file = GuardFile.Open(FilePath))
        {
            Assert.Null(file.Read());
            for (byte i = 1; i <= 9; i++)
            {
                file.Replace([i, i]);
                Assert.Equal([i, i], file.Read()!);
                Assert.Equal(2 * GuardFile.SlotBytes, new FileInfo(FilePath).Length);
            }
        }

        using GuardFile again = GuardFile.Open(FilePath);
        Assert.Equal([9, 9], again.Read()!);
        again.Replace([10]);
        Assert.Equal([10], again.Read()!);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(FilePath));
        }
    }

    [Fact]
    public void Image_AsANewFile_IsItsContent()
    {
        File.WriteAllBytes(FilePath, GuardFile.Image([7]));
        using GuardFile file = GuardFile.Open(FilePath);
        Assert.Equal([7], file.Read()!);
    }

    [Fact]
    public void Open_WhileAnotherHasIt_IsRefused()
    {
        using GuardFile first = GuardFile.Open(FilePath);
        StorageFault fault = Assert.Throws<StorageFault>(() => GuardFile.Open(FilePath));
        Assert.Equal(StorageFaultKind.Locked, fault.Kind);
        first.Dispose();
        GuardFile.Open(FilePath).Dispose();
    }

    [Fact]
    public void Open_WhereNoFileCanBe_IsAFault()
    {
        Directory.CreateDirectory(FilePath);
        StorageFault fault = Assert.Throws<StorageFault>(() =>
        {
            using GuardFile file = GuardFile.Open(FilePath);
            file.Replace([1]);
        });
        Assert.Equal(StorageFaultKind.IO, fault.Kind);
    }

    /// <summary>
    /// The power fails in the middle of a write, after any number of its bytes, from either end: the old
    /// content or the new one is there, and the next write is as good as ever.
    /// </summary>
    [Fact]
    public void Replace_TornAtEveryByte_LeavesTheOldOrTheNew()
    {
        byte[] old = State(7).Encode();
        byte[] next = State(8).Encode();
        byte[] before = Written(State(6).Encode(), old);
        byte[] after = Written(State(6).Encode(), old, next);
        int news = 0;
        for (int cut = 0; cut <= 2 * GuardFile.SlotBytes; cut++)
        {
            foreach (bool head in (bool[])[true, false])
            {
                byte[] torn = head
                    ? [.. after[..cut], .. before[cut..]]
                    : [.. before[..cut], .. after[cut..]];
                File.WriteAllBytes(FilePath, torn);
                using GuardFile file = GuardFile.Open(FilePath);
                byte[] read = file.Read()!;
                Assert.True(read.AsSpan().SequenceEqual(old) || read.AsSpan().SequenceEqual(next), $"{cut}");
                news += read.AsSpan().SequenceEqual(next) ? 1 : 0;
                if (cut % 512 == 1)
                {
                    file.Replace([1, 2, 3]);
                    Assert.Equal([1, 2, 3], file.Read()!);
                }
            }
        }

        Assert.InRange(news, 2, 4 * GuardFile.SlotBytes);
    }

    [Fact]
    public void Read_NothingWhole_IsEmptyAndCanBeReplaced()
    {
        byte[] bytes = Written([1], [2]);
        bytes[20] ^= 1;
        bytes[GuardFile.SlotBytes + 20] ^= 1;
        foreach (byte[] content in (byte[][])[bytes, [], new byte[100], Absurd()])
        {
            File.WriteAllBytes(FilePath, content);
            using GuardFile file = GuardFile.Open(FilePath);
            Assert.Empty(file.Read()!);
            file.Replace([5]);
            Assert.Equal([5], file.Read()!);
        }
    }

    [Fact]
    public void IsDamaged_NewFileOrTwoWholeSlots_IsNot_OneBitMakesItSo()
    {
        foreach ((byte[] bytes, bool damaged) in new[]
        {
            (GuardFile.Image([1]), false), (Written([1], [2]), false), (Flipped(0), true),
            (Flipped(GuardFile.SlotBytes), true),
        })
        {
            File.WriteAllBytes(FilePath, bytes);
            using GuardFile file = GuardFile.Open(FilePath);
            Assert.NotEmpty(file.Read()!);
            Assert.Equal(damaged, file.IsDamaged);
        }

        byte[] Flipped(int slot)
        {
            byte[] bytes = Written([1], [2]);
            bytes[slot + 12] ^= 1;
            return bytes;
        }
    }

    [Fact]
    public void Decode_EveryBitFlipped_IsRefused()
    {
        byte[] bytes = State(3).Encode();
        for (int bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Throws<CanonicalFormatException>(() => GuardState.Decode(bytes));
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        Assert.Equal(bytes, GuardState.Decode(bytes).Encode());
    }

    [Theory]
    [InlineData(0, 0x55)]
    [InlineData(8, 5)]
    [InlineData(77, 2)]
    [InlineData(76, 1)]
    [InlineData(81, 9)]
    public void Decode_ContradictionUnderARightChecksum_IsRefused(int offset, byte value)
    {
        byte[] bytes = State(3).Encode();
        bytes[offset] = value;
        SHA256.HashData(bytes.AsSpan(0, bytes.Length - 32), bytes.AsSpan(bytes.Length - 32));
        Assert.Throws<CanonicalFormatException>(() => GuardState.Decode(bytes));
    }

    [Fact]
    public void Join_TwoFilesOfOneKey_IsTheOneThatWentFurther()
    {
        Assert.Equal(State(9).Encode(), GuardState.Join(State(9), State(4)).Encode());
        Assert.Equal(State(9).Encode(), GuardState.Join(State(4), State(9)).Encode());
        Assert.Throws<InvariantException>(
            () => GuardState.Join(State(4), State(4) with { VoteKey = default }));
    }

    private static GuardState State(ulong view)
    {
        var subject = new VoteSubject(VoteKind.Notarize, new Epoch(0), new View(view), Genesis);
        return GuardState.Initial(Genesis, Key) with
        {
            Watermark = GuardPosition.Of(subject),
            Released = [subject],
        };
    }

    /// <summary>A length that no slot has.</summary>
    private static byte[] Absurd()
    {
        byte[] bytes = new byte[2 * GuardFile.SlotBytes];
        bytes[8] = 0xff;
        bytes[GuardFile.SlotBytes + 10] = 0xff;
        return bytes;
    }

    /// <summary>The bytes of the file after these writes.</summary>
    private byte[] Written(params byte[][] contents)
    {
        File.Delete(FilePath);
        using (GuardFile file = GuardFile.Open(FilePath))
        {
            foreach (byte[] content in contents)
            {
                file.Replace(content);
            }
        }

        return File.ReadAllBytes(FilePath);
    }
}
