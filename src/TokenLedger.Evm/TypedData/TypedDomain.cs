// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;

namespace TokenLedger.Evm;

/// <summary>
/// EIP-712's domain: what a signature is bound to besides its message. What is null is not a part of it.
/// </summary>
/// <param name="Name">The protocol's name.</param>
/// <param name="Version">Its version.</param>
/// <param name="ChainId">The chain.</param>
/// <param name="VerifyingContract">The contract that checks the signature.</param>
/// <param name="Salt">What tells apart what the others do not.</param>
public sealed record TypedDomain(
    string? Name = null,
    string? Version = null,
    UInt256? ChainId = null,
    Address? VerifyingContract = null,
    Hash256? Salt = null)
{
    /// <summary>The name of its struct.</summary>
    public const string TypeName = "EIP712Domain";

    /// <summary>The fields that it has, in the order that EIP-712 gives them.</summary>
    public ImmutableArray<TypedField> Fields => [.. Parts().Select(static part => part.Field)];

    /// <summary>The values of <see cref="Fields"/>.</summary>
    public object[] Values => [.. Parts().Select(static part => part.Value)];

    private IEnumerable<(TypedField Field, object Value)> Parts()
    {
        if (Name is not null)
        {
            yield return (new("name", "string"), Name);
        }

        if (Version is not null)
        {
            yield return (new("version", "string"), Version);
        }

        if (ChainId is { } chainId)
        {
            yield return (new("chainId", "uint256"), chainId);
        }

        if (VerifyingContract is { } contract)
        {
            yield return (new("verifyingContract", "address"), contract);
        }

        if (Salt is { } salt)
        {
            yield return (new("salt", "bytes32"), salt.ToArray());
        }
    }
}

/// <summary>A member of a struct.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">An ABI type, a struct's name, or an array of one of these.</param>
public sealed record TypedField(string Name, string Type);
