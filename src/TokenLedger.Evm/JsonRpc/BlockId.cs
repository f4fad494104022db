// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using TokenLedger.Core;

namespace TokenLedger.Evm;

/// <summary>
/// A block by its hash, by its number, or by how settled it is. Only a hash names the same block in every
/// answer.
/// </summary>
public readonly record struct BlockId
{
    private readonly string? _tag;

    private BlockId(string? tag, Hash256 hash) => (_tag, BlockHash) = (tag, hash);

    /// <summary>The newest: may be gone a moment later. Also the default.</summary>
    public static BlockId Latest => new("latest", default);

    /// <summary>The newest with what the node would put into the next: for nonces.</summary>
    public static BlockId Pending => new("pending", default);

    /// <summary>One that two thirds of the stake voted for once.</summary>
    public static BlockId Safe => new("safe", default);

    /// <summary>One that is never gone unless a third of the stake is lost.</summary>
    public static BlockId Finalized => new("finalized", default);

    /// <summary>The hash, if the block is named so; else zero.</summary>
    public Hash256 BlockHash { get; }

    /// <summary>True if the block is named by its hash.</summary>
    public bool IsHash => _tag is null && !BlockHash.IsZero;

    /// <summary>The block of a number.</summary>
    public static BlockId Number(ulong number) => new(EvmHex.Quantity(number), default);

    /// <summary>The block of a hash.</summary>
    /// <exception cref="ArgumentException">The hash is zero, which is no block's.</exception>
    public static BlockId Hash(Hash256 hash) => hash.IsZero
        ? throw new ArgumentException("Zero is no block's hash.", nameof(hash))
        : new BlockId(null, hash);

    /// <summary>The block of a hash.</summary>
    public static implicit operator BlockId(Hash256 hash) => Hash(hash);

    /// <summary>A tag, a quantity, or a hash.</summary>
    public override string ToString() => IsHash ? "0x" + BlockHash : _tag ?? "latest";

    /// <summary>
    /// As reads of the state take it (EIP-1898): a hash must be of the chain that the node holds for the true
    /// one.
    /// </summary>
    internal JsonNode ToParameter() => IsHash
        ? new JsonObject { ["blockHash"] = ToString(), ["requireCanonical"] = true }
        : JsonValue.Create(ToString());
}
