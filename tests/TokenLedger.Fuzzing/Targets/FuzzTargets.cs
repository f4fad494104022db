// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace TokenLedger.Fuzzing.Targets;

/// <summary>
/// Every parser that reads bytes from outside, in one table. A test compares it with the methods of src
/// that read; <see cref="EntryPoints"/> lists those which are not here, with reasons.
/// </summary>
internal static class FuzzTargets
{
    public static ImmutableArray<FuzzTarget> All { get; } =
    [
        .. CanonicalTargets.All,
        .. StoredTargets.All,
        .. LedgerTargets.All,
        .. BlockTargets.All,
        .. PeerTargets.All,
        .. RpcTargets.All,
        .. NodeTargets.All,
        .. EvmTargets.All,
        .. FileTargets.All,
        .. MeshTargets.All,
        .. TextTargets.All,
    ];

    public static FuzzTarget Named(string name) => All.Single(target => target.Name == name);
}
