// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;
using TokenLedger.Crypto;

namespace TokenLedger.Evm;

/// <summary>
/// What all who sign for the bridge's contracts, or call them, must write in the same way: the domains of
/// what is signed, a set of keys as the contracts know it, and the proof that a quorum of it signed.
/// Stateless.
/// </summary>
/// <remarks>Source: <c>src/contracts/README.md</c> and <c>TLProof.sol</c>.</remarks>
public static class LaneContracts
{
    /// <summary>The ABI's type of a proof: members, a bit for each who signed, signatures.</summary>
    public const string ProofType = "(address[],uint256,bytes)";

    private static readonly AbiTuple SetTypes = AbiFunction.Parse("set(uint64,address[])").Inputs;

    /// <summary>The ledger that a contract is for.</summary>
    public static AbiFunction LedgerId { get; } = AbiFunction.Parse("ledgerId() returns (bytes32)");

    /// <summary>The register of signers that the bridge asks.</summary>
    public static AbiFunction ValidatorSet { get; } =
        AbiFunction.Parse("validatorSet() returns (address)");

    /// <summary>Of a set of so many, how many must sign: n − ⌊(n − 1) / 3⌋.</summary>
    /// <param name="members">From 1.</param>
    public static int Quorum(int members) => members - ((members - 1) / 3);

    /// <summary>The hash by which the register knows a set.</summary>
    /// <param name="epoch">Its epoch; 0 for a cold set.</param>
    /// <param name="members">Its keys, strictly ascending.</param>
    public static Hash256 SetHash(ulong epoch, IEnumerable<Address> members) =>
        Keccak256.Hash(AbiCodec.Encode(SetTypes, (UInt256)epoch, Keys(members)));

    /// <summary>A proof, as a value of <see cref="ProofType"/>.</summary>
    /// <param name="members">The set, strictly ascending.</param>
    /// <param name="signatures">Places in the set with signatures of 65 bytes: exactly a quorum, by ascending
    /// place.</param>
    public static object[] Proof(
        IEnumerable<Address> members, IReadOnlyCollection<(int Place, ImmutableArray<byte> Bytes)> signatures)
    {
        ArgumentNullException.ThrowIfNull(signatures);
        UInt128 bitmap = 0;
        foreach ((int place, _) in signatures)
        {
            bitmap |= UInt128.One << place;
        }

        return
        [
            Keys(members), (UInt256)bitmap, signatures.SelectMany(static one => one.Bytes).ToArray(),
        ];
    }

    /// <summary>A message to the bridge.</summary>
    /// <param name="chainId">The chain.</param>
    /// <param name="bridge">The bridge's contract.</param>
    /// <param name="name">The message's struct.</param>
    /// <param name="fields">Its fields after ledgerId and epoch, each as type and name.</param>
    /// <param name="nested">A struct that it needs.</param>
    public static TypedData BridgeMessage(
        ulong chainId, Address bridge, string name, string[] fields,
        (string Name, ImmutableArray<TypedField> Fields)? nested = null) =>
        Message(new TypedDomain("TLBridge", "1", chainId, bridge), name, fields, nested);

    /// <summary>A message to the register of signers.</summary>
    /// <param name="chainId">The chain.</param>
    /// <param name="register">The register's contract.</param>
    /// <param name="name">The message's struct.</param>
    /// <param name="fields">Its fields after ledgerId and epoch, each as type and name.</param>
    public static TypedData SetMessage(ulong chainId, Address register, string name, string[] fields) =>
        Message(new TypedDomain("TLValidatorSet", "1", chainId, register), name, fields, null);

    /// <summary>Keys as values of <c>address[]</c>.</summary>
    public static object[] Keys(IEnumerable<Address> members) =>
        [.. members.Select(static member => (object)member)];

    private static TypedData Message(
        TypedDomain domain, string name, string[] fields,
        (string Name, ImmutableArray<TypedField> Fields)? nested)
    {
        var types = new Dictionary<string, ImmutableArray<TypedField>>
        {
            [name] =
            [
                new("ledgerId", "bytes32"), new("epoch", "uint64"),
                .. fields.Select(static field => field.Split(' '))
                    .Select(static parts => new TypedField(parts[1], parts[0])),
            ],
        };
        if (nested is { } more)
        {
            types[more.Name] = more.Fields;
        }

        return new TypedData(domain, name, types);
    }
}
