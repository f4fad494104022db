// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Consensus;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Runtime.Signing;
using TokenLedger.Storage;
using TokenLedger.Storage.Guards;
using TokenLedger.Testing;

namespace TokenLedger.Runtime.Tests.Signing;

public sealed class SignerGuardTests
{
    private static readonly Hash256 Genesis = Hashing.Hash(DomainTag.Genesis, [1]);
    private static readonly Address Key = KeyedHashScheme.Validators(4)[1].Address;
    private static readonly Hash256 A = Hashing.Hash(DomainTag.StateValue, [1]);
    private static readonly Hash256 B = Hashing.Hash(DomainTag.StateValue, [2]);

    [Fact]
    public void Release_RisingPositions_AreEachReleasedOnceForAllAndDurable()
    {
        MemoryGuardFile file = Fresh();
        SignerGuard guard = Open(file);
        VoteSubject[] view =
        [
            Of(VoteKind.Notarize, 1, A), Of(VoteKind.Finalize, 1, A), Of(VoteKind.Notarize, 2, B),
            Of(VoteKind.Nullify, 2, default),
        ];
        Assert.Equal(view, guard.Release(view).Select(leave => leave!.Subject));
        Assert.Equal(1, file.Writes);
        Assert.Equal(GuardPosition.EndOf(new Epoch(0), new View(2)), Open(file).Watermark);

        // The same again, after a restart, costs nothing.
        Assert.All(Open(file).Release(view), Assert.NotNull);
        Assert.Equal(1, file.Writes);
    }

    [Theory]
    [InlineData(VoteKind.Notarize, 5, 2)]
    [InlineData(VoteKind.Nullify, 5, 0)]
    [InlineData(VoteKind.Finalize, 5, 2)]
    [InlineData(VoteKind.Finalize, 4, 1)]
    [InlineData(VoteKind.Nullify, 4, 0)]
    public void Release_NotAboveTheWatermarkAndNotReleasedBefore_IsRefused(
        VoteKind kind, ulong view, byte block)
    {
        MemoryGuardFile file = Fresh();
        SignerGuard guard = Open(file);
        Release(guard, Of(VoteKind.Notarize, 5, A), Of(VoteKind.Finalize, 5, A));
        Hash256 hash = block == 0 ? default : block == 1 ? A : B;
        Assert.Null(Assert.Single(guard.Release([Of(kind, view, hash)])));
        Assert.Equal(1, file.Writes);
    }

    [Fact]
    public void Release_InOneBatch_RefusesWhatAnEarlierOneExcludes()
    {
        SignerGuard guard = Open(Fresh());
        var leaves = guard.Release(
            [Of(VoteKind.Nullify, 3, default), Of(VoteKind.Finalize, 3, A), Of(VoteKind.Notarize, 4, A)]);
        Assert.Equal([true, false, true], leaves.Select(leave => leave is not null));
    }

    [Fact]
    public void Release_LaterEpoch_IsAboveEveryViewOfTheOneBefore()
    {
        SignerGuard guard = Open(Fresh());
        Release(guard, Of(VoteKind.Nullify, 900, default));
        Release(guard, new VoteSubject(VoteKind.Notarize, new Epoch(1), new View(1), A));
        Assert.Null(guard.Release([Of(VoteKind.Notarize, 901, A)])[0]);
    }

    /// <summary>
    /// A slot is not whole. The record that has the last votes of the other one says that it was torn, and
    /// that nothing was signed after it; a record without them may be a backup, and then it may have rotted.
    /// </summary>
    [Theory]
    [InlineData(true, 0, true)]
    [InlineData(false, 5, true)]
    [InlineData(false, 4, false)]
    public void Compare_DamagedFile_IsBelievedOnlyWhenTheRecordHasItsLastVotes(
        bool recorded, ulong floor, bool believed)
    {
        MemoryGuardFile file = Fresh();
        Release(Open(file), Of(VoteKind.Notarize, 5, A), Of(VoteKind.Finalize, 5, A));
        file.IsDamaged = true;
        SignerGuard guard = Open(file);
        guard.Compare(
            recorded ? [Of(VoteKind.Notarize, 5, A), Of(VoteKind.Finalize, 5, A)] : [], new View(floor));
        Assert.Equal(believed ? GuardDoubt.None : GuardDoubt.Corrupt, guard.Doubt);
        Assert.Equal(guard.Doubt, Open(file).Doubt);
    }

    [Fact]
    public void Release_WhenTheFileFails_GivesNoLeaveAndStaysWhereItWas()
    {
        MemoryGuardFile file = Fresh();
        SignerGuard guard = Open(file);
        file.Fault = new StorageFault(StorageFaultKind.IO, StorageScope.Process, "fsync: EIO");
        Assert.Throws<StorageFault>(() => guard.Release([Of(VoteKind.Notarize, 1, A)]));
        Assert.Equal(default, guard.Watermark);
    }

    [Fact]
    public void Release_MoreThanTheRingHolds_ForgetsTheOldestAndRefusesIt()
    {
        MemoryGuardFile file = Fresh();
        SignerGuard guard = Open(file);
        for (ulong view = 1; view <= Limits.GuardReleasedVotes + 1; view++)
        {
            Release(guard, Of(VoteKind.Notarize, view, A));
        }

        Assert.Equal(Limits.GuardReleasedVotes, Open(file).Released.Length);
        Assert.Null(guard.Release([Of(VoteKind.Notarize, 1, A)])[0]);
        Assert.NotNull(guard.Release([Of(VoteKind.Notarize, 2, A)])[0]);
        Assert.True(file.Read()!.Length <= GuardState.MaxBytes);
    }

    [Fact]
    public void Open_WithoutAFileOrWithABrokenOne_IsInQuarantineUntilReadmitted()
    {
        var file = new MemoryGuardFile();
        foreach (byte[]? content in (byte[]?[])[null, [], [1, 2, 3], Damaged()])
        {
            file.Put(content);
            SignerGuard guard = Open(file);
            Assert.Equal(content is null ? GuardDoubt.Missing : GuardDoubt.Corrupt, guard.Doubt);
            guard.Compare([Of(VoteKind.Notarize, 900, A)], default);
            Assert.Null(guard.Release([Of(VoteKind.Notarize, 1_000, A)])[0]);
            guard.Readmit(new Epoch(0), new View(50));
            Assert.Null(guard.Release([Of(VoteKind.Nullify, 49, default)])[0]);
            Assert.NotNull(guard.Release([Of(VoteKind.Notarize, 50, A)])[0]);
            Assert.Equal(GuardDoubt.None, Open(file).Doubt);
        }
    }

    [Fact]
    public void Open_AnotherKeysOrNetworksFile_IsRefusedAndLeftAlone()
    {
        MemoryGuardFile file = Fresh();
        Address other = KeyedHashScheme.Validators(4)[2].Address;
        StorageFault fault = Assert.Throws<StorageFault>(() => SignerGuard.Open(file, Genesis, other));
        Assert.Equal(StorageFaultKind.Genesis, fault.Kind);
        Assert.Throws<StorageFault>(() => SignerGuard.Open(file, A, Key));
        Assert.Equal(0, file.Writes);
    }

    [Fact]
    public void Compare_RecordWithAVoteAboveTheWatermark_IsQuarantineThatOutlivesTheRecord()
    {
        MemoryGuardFile file = Fresh();
        SignerGuard guard = Open(file);
        Release(guard, Of(VoteKind.Notarize, 5, A));
        guard.Compare([Of(VoteKind.Notarize, 5, A), Of(VoteKind.Finalize, 4, A)], default);
        Assert.Equal(GuardDoubt.None, guard.Doubt);
        guard.Compare([Of(VoteKind.Finalize, 5, A)], default);
        Assert.Equal(GuardDoubt.OlderThanRecord, guard.Doubt);
        Assert.Equal(GuardDoubt.OlderThanRecord, Open(file).Doubt);

        // It keeps what it knew: a lower figure of others takes nothing back.
        guard.Readmit(new Epoch(0), new View(2));
        Assert.Null(guard.Release([Of(VoteKind.Notarize, 5, B)])[0]);
        Assert.Throws<InvariantException>(() => guard.Readmit(new Epoch(0), new View(9)));
    }

    [Fact]
    public void IsForeign_VotesOfTheOwnKey_AreThoseThatThisGuardDidNotRelease()
    {
        SignerGuard guard = Open(Fresh());
        Release(guard, Of(VoteKind.Notarize, 5, A), Of(VoteKind.Finalize, 5, A));
        Assert.False(guard.IsForeign(Of(VoteKind.Finalize, 5, A)));
        Assert.False(guard.IsForeign(Of(VoteKind.Nullify, 3, default)));
        Assert.True(guard.IsForeign(Of(VoteKind.Nullify, 5, default)));
        Assert.True(guard.IsForeign(Of(VoteKind.Notarize, 5, B)));
        Assert.True(guard.IsForeign(Of(VoteKind.Notarize, 6, A)));
        Assert.False(Open(new MemoryGuardFile()).IsForeign(Of(VoteKind.Notarize, 6, A)));
    }

    /// <summary>
    /// Against a model that remembers everything, with restarts: whatever is asked, nothing released
    /// excludes anything released, and all that the order allows is released.
    /// </summary>
    [Fact]
    public void Release_RandomHistories_AgreeWithANaiveModel()
    {
        for (ulong seed = 1; seed <= 300; seed++)
        {
            var random = new DeterministicRandom(seed);
            MemoryGuardFile file = Fresh();
            SignerGuard guard = Open(file);
            var all = new List<VoteSubject>();
            GuardPosition top = default;
            for (int step = 0; step < 60; step++)
            {
                VoteSubject[] batch = [.. Enumerable.Range(0, 1 + random.Below(4)).Select(_ => Draw(random))];
                var leaves = guard.Release(batch);
                for (int i = 0; i < batch.Length; i++)
                {
                    GuardPosition at = GuardPosition.Of(batch[i]);
                    bool expected = at > top || all.Contains(batch[i]);
                    Assert.True(expected == leaves[i] is not null, $"seed {seed}: {batch[i]}");
                    all.AddRange(expected && at > top ? [batch[i]] : []);
                    top = at > top ? at : top;
                }

                guard = random.PerMille(200) ? Open(file) : guard;
                Assert.Equal(top, guard.Watermark);
            }

            Assert.DoesNotContain(all, a => all.Any(b => EquivocationEvidence.Conflict(a, b)));
        }
    }

    private static VoteSubject Draw(DeterministicRandom random)
    {
        var kind = (VoteKind)(1 + random.Below(3));
        return new VoteSubject(
            kind, new Epoch((ulong)random.Below(2)), new View((ulong)(1 + random.Below(20))),
            kind == VoteKind.Nullify ? default : random.PerMille(500) ? A : B);
    }

    private static byte[] Damaged()
    {
        byte[] bytes = GuardState.Initial(Genesis, Key).Encode();
        bytes[70] ^= 1;
        return bytes;
    }

    private static void Release(SignerGuard guard, params VoteSubject[] subjects) =>
        Assert.All(guard.Release(subjects), Assert.NotNull);

    private static MemoryGuardFile Fresh() => MemoryGuardFile.Of(Genesis, Key);

    private static SignerGuard Open(MemoryGuardFile file) => SignerGuard.Open(file, Genesis, Key);

    private static VoteSubject Of(VoteKind kind, ulong view, Hash256 block) =>
        new(kind, new Epoch(0), new View(view), block);
}
