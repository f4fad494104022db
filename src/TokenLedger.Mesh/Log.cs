// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;

namespace TokenLedger.Mesh;

/// <summary>Everything that the adapter logs. Ids are stable.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Serves network {GenesisHash} on {Listen}, {Mode}")]
    public static partial void Started(ILogger logger, Hash256 genesisHash, string listen, string mode);

    [LoggerMessage(2, LogLevel.Information, "Stopped in order")]
    public static partial void Stopped(ILogger logger);

    [LoggerMessage(3, LogLevel.Critical, "A block of the node is not believed: {Sentence}")]
    public static partial void Unverified(ILogger logger, string sentence);

    [LoggerMessage(4, LogLevel.Error, "A request to {Path} failed in an unforeseen way")]
    public static partial void Failed(ILogger logger, string path, Exception exception);
}
