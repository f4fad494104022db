// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;

namespace TokenLedger.Mesh.Operations;

/// <summary>What the API calls a transaction: operations under one hash.</summary>
/// <param name="Hash">The transaction's id; the block's hash for what a block does by itself.</param>
/// <param name="Succeeded">False when it was included and changed nothing.</param>
/// <param name="Operations">In order.</param>
/// <param name="Metadata">What else is worth knowing, by name.</param>
internal sealed record MeshTransaction(
    Hash256 Hash, bool Succeeded, ImmutableArray<MeshOperation> Operations,
    ImmutableArray<Note> Metadata);

/// <summary>A member of metadata.</summary>
internal readonly record struct Note(string Name, string Text);

/// <summary>One side of what happened.</summary>
/// <param name="Type">One of <see cref="OperationTypes"/>.</param>
/// <param name="Account">Whose balance, or register entry.</param>
internal sealed record MeshOperation(string Type, Address Account)
{
    /// <summary>How a balance changed; null for what moves nothing.</summary>
    public Change? Change { get; init; }

    /// <summary>Index of the debit that this credit belongs to; null for none.</summary>
    public int? Related { get; init; }

    /// <summary>What else is worth knowing, by name.</summary>
    public ImmutableArray<Note> Metadata { get; init; } = [];
}

/// <summary>A change of a balance.</summary>
/// <param name="Asset">Of what.</param>
/// <param name="Amount">How much.</param>
/// <param name="IsDebit">True when the balance fell.</param>
internal readonly record struct Change(AssetId Asset, Amount Amount, bool IsDebit);
