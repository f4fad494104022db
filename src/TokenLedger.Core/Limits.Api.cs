// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Core;

/// <content>What clients of the API may take.</content>
public static partial class Limits
{
    /// <summary>
    /// Open connections of all clients: with a window of 512 KiB each they hold half a gigabyte at worst.
    /// </summary>
    public const int ApiConnections = 1_000;

    /// <summary>
    /// Open connections of one client address, if the node's configuration says nothing else.
    /// </summary>
    public const int ApiConnectionsPerClient = 50;

    /// <summary>
    /// Calls a second of one client address, if the node's configuration says nothing else: a person's tool
    /// needs a few, and an exchange is told its own number.
    /// </summary>
    public const int ApiCallsPerSecond = 50;

    /// <summary>
    /// What a call counts that executes, proves, or reads many rows: about so many plain ones in time.
    /// </summary>
    public const int ApiCostlyCall = 5;

    /// <summary>
    /// Open calls of one client address: subscriptions and waits above all. About 20 KB each.
    /// </summary>
    public const int ApiOpenCallsPerClient = 2_048;

    /// <summary>Open calls of all clients: about 160 MB.</summary>
    public const int ApiOpenCalls = 8_192;

    /// <summary>
    /// How late a refusal is told, on average, to who goes on calling after a second's worth of them, ms: a
    /// flood of calls that each wait for an answer is slowed to a third of its open streams a second.
    /// </summary>
    public const int ApiLateRefusalMs = 3_000;

    /// <summary>Refusals of all clients that wait so, about 5 KB each: whoever has one more is cut off.
    /// </summary>
    public const int ApiLateRefusals = 8_192;

    /// <summary>Principals of one node: institutions, exchanges and their gateways, each with a quota of its
    /// own.</summary>
    public const int ApiPrincipals = 256;

    /// <summary>Keys, and certificates, of one principal: the one in use, the next, and those of other
    /// sites.</summary>
    public const int ApiKeysPerPrincipal = 8;

    /// <summary>The file of principals: as many as may be, with all their keys.</summary>
    public const int ApiPrincipalsBytes = 1024 * 1024;

    /// <summary>Clients whose quotas are counted one by one: about 1 MB. All others share one.</summary>
    public const int ApiClients = 8_192;

    /// <summary>Bytes in a client's message: sixteen times the largest transaction.</summary>
    public const int ApiRequestBytes = 256 * 1024;

    /// <summary>Bytes in an answer to a client: a full block with its receipts, and nothing larger.</summary>
    public const int ApiResponseBytes = 4 * 1024 * 1024;

    /// <summary>How long a client's read may take when it brings no deadline, ms.</summary>
    public const int ReadDeadlineMs = 5_000;

    /// <summary>
    /// How long any single call of a client may take, ms: its wait for a transaction, above all.
    /// </summary>
    public const int ApiDeadlineMs = 60_000;
}
