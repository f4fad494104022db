// SPDX-License-Identifier: Apache-2.0
using Google.Protobuf;
using TokenLedger.Core;
using TokenLedger.Protocol.Sync.V1;
using TokenLedger.Runtime.Peers;

namespace TokenLedger.Runtime.Tests.Peers;

/// <summary>A stored height that a peer sends in parts.</summary>
public sealed class StoredPartsTests
{
    [Fact]
    public void TryAdd_MoreThanAHeightCanHave_IsRefused()
    {
        var parts = new StoredParts();
        var part = new StreamStoredBlockResponse
        {
            Events = UnsafeByteOperations.UnsafeWrap(new byte[Limits.StoredBlockBytes]),
        };
        Assert.True(parts.TryAdd(part));
        Assert.False(parts.TryAdd(new StreamStoredBlockResponse { Block = ByteString.CopyFrom(1) }));
    }

    [Fact]
    public void TryAdd_PartOfNoKind_IsRefused() =>
        Assert.False(new StoredParts().TryAdd(new StreamStoredBlockResponse()));
}
