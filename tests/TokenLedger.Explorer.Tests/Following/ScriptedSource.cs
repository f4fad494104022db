// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Google.Protobuf;
using Grpc.Core;
using TokenLedger.Core;
using TokenLedger.Explorer.Following;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Testing;

namespace TokenLedger.Explorer.Tests.Following;

/// <summary>A node that follows a script: what it does with each stream that is asked of it.</summary>
internal sealed class ScriptedSource(FinalChain chain) : IBlockSource
{
    private readonly ConcurrentQueue<Script> _scripts = new();
    private readonly ConcurrentQueue<Height> _asked = new();

    /// <summary>What one stream does.</summary>
    /// <param name="Blocks">How many of the chain's blocks it has.</param>
    /// <param name="Change">Changes a block on its way; null for nothing.</param>
    /// <param name="Then">What comes after the blocks; null for silence.</param>
    /// <param name="Gate">What it waits for before its first block; null for nothing.</param>
    public sealed record Script(
        int Blocks,
        Func<int, FinalBlock, FinalBlock>? Change = null,
        Func<StreamBlocksResponse>? Then = null,
        Task? Gate = null);

    /// <summary>Where each stream began.</summary>
    public IReadOnlyList<Height> Asked => [.. _asked];

    public ByteString Genesis { get; init; } = chain.GenesisBytes;

    /// <summary>Whether nobody answers.</summary>
    public bool Away { get; set; }

    /// <summary>Adds a stream; without any left, all blocks come, and then silence.</summary>
    public void Then(Script script) => _scripts.Enqueue(script);

    public static StreamBlocksResponse Break() =>
        throw new RpcException(new Status(StatusCode.Unavailable, "the line broke"));

    public static StreamBlocksResponse Beat(ulong height, bool finalizing) =>
        new() { Heartbeat = new Heartbeat { Height = height, Finalizing = finalizing } };

    public Task<ByteString> GenesisAsync(CancellationToken cancellationToken) => Task.FromResult(Genesis);

    public Task<Height> HeightAsync(CancellationToken cancellationToken) => Away
        ? throw new RpcException(new Status(StatusCode.Unavailable, "nobody there"))
        : Task.FromResult(new Height((ulong)chain.Blocks.Count - 1));

    public async IAsyncEnumerable<StreamBlocksResponse> BlocksAsync(
        Height from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        _asked.Enqueue(from);
        Script script = _scripts.TryDequeue(out Script? next) ? next : new Script(int.MaxValue);
        await (script.Gate ?? Task.CompletedTask).WaitAsync(cancellationToken);
        for (int i = (int)from.Value; i < Math.Min(chain.Blocks.Count, script.Blocks); i++)
        {
            FinalBlock block = chain.Blocks[i];
            yield return new StreamBlocksResponse
            {
                Block = script.Change?.Invoke(i, block.Clone()) ?? block,
            };
        }

        if (script.Then is { } then)
        {
            yield return then();
        }

        await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
    }
}
