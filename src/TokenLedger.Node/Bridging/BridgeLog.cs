// SPDX-License-Identifier: Apache-2.0
using Microsoft.Extensions.Logging;

namespace TokenLedger.Node.Bridging;

/// <summary>What the bridge tells operators.</summary>
internal static partial class BridgeLog
{
    [LoggerMessage(300, LogLevel.Information, "The bridge to chain {ChainId} works.")]
    public static partial void Works(ILogger log, ulong chainId);

    [LoggerMessage(301, LogLevel.Warning, "The bridge to chain {ChainId} is hindered: {Note}")]
    public static partial void Hindered(ILogger log, ulong chainId, string note);

    [LoggerMessage(302, LogLevel.Critical, "The bridge to chain {ChainId} halted: {Reason}")]
    public static partial void Halted(ILogger log, ulong chainId, string reason);

    [LoggerMessage(303, LogLevel.Error, "The bridge to chain {ChainId} met a fault and tries again.")]
    public static partial void Failed(ILogger log, ulong chainId, Exception cause);

    [LoggerMessage(304, LogLevel.Warning, "The bridge to chain {ChainId} begins anew, as its operator said.")]
    public static partial void Reset(ILogger log, ulong chainId);

    [LoggerMessage(305, LogLevel.Warning,
        "Chain {ChainId} refused to mint lock {Nonce} in block {Block}: {Why}. It is tried again.")]
    public static partial void Refused(ILogger log, ulong chainId, ulong nonce, ulong block, string why);
}
