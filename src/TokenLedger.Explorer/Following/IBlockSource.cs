// SPDX-License-Identifier: Apache-2.0
using Google.Protobuf;
using TokenLedger.Core;
using TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Explorer.Following;

/// <summary>Where final blocks come from. Nothing that it says is believed.</summary>
internal interface IBlockSource
{
    /// <summary>The canonical genesis document.</summary>
    Task<ByteString> GenesisAsync(CancellationToken cancellationToken);

    /// <summary>The newest final height, as it claims.</summary>
    Task<Height> HeightAsync(CancellationToken cancellationToken);

    /// <summary>Blocks from a height on, and heartbeats when none come.</summary>
    IAsyncEnumerable<StreamBlocksResponse> BlocksAsync(Height from, CancellationToken cancellationToken);
}
