// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Protocol.Blocks;

namespace TokenLedger.Explorer;

/// <summary>Everything that the explorer logs. Ids are stable.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Serves network {GenesisHash} on {Listen} from the index")]
    public static partial void Started(ILogger logger, Hash256 genesisHash, string listen);

    [LoggerMessage(2, LogLevel.Information, "Stopped in order")]
    public static partial void Stopped(ILogger logger);

    [LoggerMessage(3, LogLevel.Information, "Follows the node; indexed up to {Height}")]
    public static partial void Following(ILogger logger, ulong height);

    [LoggerMessage(4, LogLevel.Warning, "Lost the node: {Code}: {Sentence}")]
    public static partial void Lost(ILogger logger, string code, string sentence);

    [LoggerMessage(7, LogLevel.Error, "Could not count the holders of {Asset}")]
    public static partial void CensusFailed(ILogger logger, AssetId asset, Exception exception);

    [LoggerMessage(5, LogLevel.Critical, "Block {Height} is not believed ({Fault}): {Sentence}")]
    public static partial void Unverified(ILogger logger, ulong height, BlockFault fault, string sentence);

    [LoggerMessage(8, LogLevel.Information, "{Sentence}")]
    public static partial void Switched(ILogger logger, string sentence);

    [LoggerMessage(6, LogLevel.Warning, "Lost the index: {Code}: {Sentence}")]
    public static partial void IndexLost(ILogger logger, string code, string sentence);
}
