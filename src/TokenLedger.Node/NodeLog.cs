// SPDX-License-Identifier: Apache-2.0
using Microsoft.Extensions.Logging;
using TokenLedger.Core;

namespace TokenLedger.Node;

/// <summary>Everything that the node itself logs. Ids are stable.</summary>
internal static partial class NodeLog
{
    [LoggerMessage(
        1, LogLevel.Information, "{Name} serves network {Network} {GenesisHash} from height {Height}")]
    public static partial void Started(
        ILogger logger, string name, string network, Hash256 genesisHash, ulong height);

    [LoggerMessage(2, LogLevel.Information, "Stopped in order")]
    public static partial void Stopped(ILogger logger);

    [LoggerMessage(3, LogLevel.Error, "Takes no transactions: {Reason}")]
    public static partial void RefusesTransactions(ILogger logger, string reason);

    [LoggerMessage(4, LogLevel.Information, "Takes transactions again")]
    public static partial void TakesTransactions(ILogger logger);

    [LoggerMessage(
        5, LogLevel.Critical, "The stored block {Height} is damaged: {Problem}. Asking the peers for it")]
    public static partial void BlockCorrupt(ILogger logger, ulong height, string problem);

    [LoggerMessage(
        7, LogLevel.Critical,
        "The ledger is damaged and was set aside as {Folder}; a new one is fetched from the peers. Check the"
            + " disk. {Cause}")]
    public static partial void LedgerSetAside(ILogger logger, string folder, string cause);

    [LoggerMessage(8, LogLevel.Information, "Read the principals of {File} again")]
    public static partial void PrincipalsRead(ILogger logger, string file);

    [LoggerMessage(9, LogLevel.Error, "Keeps the principals that it had: {File} is refused. {Reason}")]
    public static partial void PrincipalsRefused(ILogger logger, string file, string reason);

    [LoggerMessage(10, LogLevel.Warning, "A sandbox: calls to this node may ask for faults")]
    public static partial void IsSandbox(ILogger logger);

    [LoggerMessage(6, LogLevel.Warning, "Repaired the stored block {Height}")]
    public static partial void BlockRepaired(ILogger logger, ulong height);
}
