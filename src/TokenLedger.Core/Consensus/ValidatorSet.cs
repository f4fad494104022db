// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core.Codec;

namespace TokenLedger.Core.Consensus;

/// <summary>One validator as genesis names it.</summary>
/// <param name="Name">Short name for people, unique in its set.</param>
/// <param name="Address">Address of its consensus vote key.</param>
/// <param name="TlsKeyHash">SHA-256 of its TLS certificate's SubjectPublicKeyInfo: peers pin it.</param>
public sealed record Validator(string Name, Address Address, Hash256 TlsKeyHash);

/// <summary>The validators of one epoch, in the order of their indices. Immutable.</summary>
public sealed class ValidatorSet
{
    private readonly ImmutableArray<Validator> _validators;

    /// <summary>
    /// Builds a set of 1 to <see cref="Limits.Validators"/> validators with distinct names and keys.
    /// </summary>
    /// <exception cref="ArgumentException">The set is empty, too large, or repeats a name or a
    /// key.</exception>
    public ValidatorSet(Epoch epoch, ImmutableArray<Validator> validators)
    {
        if (validators.IsDefaultOrEmpty || validators.Length > Limits.Validators)
        {
            throw new ArgumentException(
                $"A set has 1 to {Limits.Validators} validators.", nameof(validators));
        }

        if (validators.Select(v => v.Name).Distinct(StringComparer.Ordinal).Count() != validators.Length
            || validators.Select(v => v.Address).Distinct().Count() != validators.Length
            || validators.Select(v => v.TlsKeyHash).Distinct().Count() != validators.Length)
        {
            throw new ArgumentException("Validators' names, vote keys and TLS keys are distinct.");
        }

        Epoch = epoch;
        _validators = validators;
        var writer = new CanonicalWriter();
        writer.List(validators, WriteValidator);
        Hash = Hashing.Hash(DomainTag.ValidatorSet, writer.Written);
    }

    /// <summary>The epoch in which this set votes.</summary>
    public Epoch Epoch { get; }

    /// <summary>
    /// The set's hash, as headers carry it. It does not cover the epoch, which headers state beside it.
    /// </summary>
    public Hash256 Hash { get; }

    /// <summary>n.</summary>
    public int Count => _validators.Length;

    /// <summary>f = ⌊(n − 1) / 3⌋: how many may fail in any way.</summary>
    public int MaxFaulty => (Count - 1) / 3;

    /// <summary>n − f. Never 2f + 1, which is unsafe whenever n is not 3f + 1.</summary>
    public int Quorum =>
#if PLANTED
        Planted.Is(PlantedBug.QuorumOf2fPlus1) ? (2 * MaxFaulty) + 1 :
#endif
        Count - MaxFaulty;

    /// <summary>The validator of an index.</summary>
    public Validator this[int index] => _validators[index];

    /// <summary>All validators, by index.</summary>
    public ImmutableArray<Validator> All => _validators;

    /// <summary>The leader of a view: each in turn.</summary>
    public int LeaderOf(View view) => (int)(view.Value % (ulong)Count);

    /// <summary>The index of a vote key's validator; −1 when it is no member.</summary>
    public int IndexOf(Address address)
    {
        for (int i = 0; i < _validators.Length; i++)
        {
            if (_validators[i].Address == address)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Writes one validator's canonical form.</summary>
    public static void WriteValidator(CanonicalWriter writer, Validator validator)
    {
        writer.Text(validator.Name);
        writer.Address(validator.Address);
        writer.Hash(validator.TlsKeyHash);
    }

    /// <summary>Reads one validator's canonical form.</summary>
    public static Validator ReadValidator(ref CanonicalReader reader) =>
        new(reader.Text(Limits.NameBytes), reader.Address(), reader.Hash());
}
