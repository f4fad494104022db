// SPDX-License-Identifier: Apache-2.0
using System.Collections.Frozen;
using TokenLedger.Protocol.Bridge.V1;
using TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Node.Clients.Access;

/// <summary>What a client may do. Health and reflection are for everybody.</summary>
[Flags]
internal enum ApiScopes
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Ask for accounts, assets, blocks, transactions, proofs, and simulate.</summary>
    Read = 1,

    /// <summary>Follow events and blocks.</summary>
    Stream = 2,

    /// <summary>Hand in signed transactions.</summary>
    Submit = 4,

    /// <summary>All of it.</summary>
    All = Read | Stream | Submit,
}

/// <summary>Which scope a method needs.</summary>
internal static class MethodScopes
{
    private static readonly FrozenDictionary<string, ApiScopes> Special = new Dictionary<string, ApiScopes>
    {
        [Of(TransactionService.Descriptor.FullName, "SubmitTransaction")] = ApiScopes.Submit,
        [Of(EventService.Descriptor.FullName, "Subscribe")] = ApiScopes.Stream,
        [Of(BlockService.Descriptor.FullName, "StreamBlocks")] = ApiScopes.Stream,
        [Of(QueryService.Descriptor.FullName, "WatchBlocks")] = ApiScopes.Stream,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly string[] Ours =
    [
        Of(TransactionService.Descriptor.FullName, ""), Of(QueryService.Descriptor.FullName, ""),
        Of(EventService.Descriptor.FullName, ""), Of(BlockService.Descriptor.FullName, ""),
        Of(BridgeService.Descriptor.FullName, ""),
    ];

    /// <summary>The scope of a method, "/package.Service/Method"; none for the standard services.</summary>
    public static ApiScopes Needed(string method) =>
        Special.TryGetValue(method, out ApiScopes scope) ? scope
            : Array.Exists(Ours, service => method.StartsWith(service, StringComparison.Ordinal))
            ? ApiScopes.Read
            : ApiScopes.None;

    /// <summary>The path of a method.</summary>
    public static string Of(string service, string method) => $"/{service}/{method}";
}
