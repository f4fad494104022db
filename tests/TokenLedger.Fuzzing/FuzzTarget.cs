// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Fuzzing.Shapes;
using TokenLedger.Testing.Generators;

namespace TokenLedger.Fuzzing;

/// <summary>What encoding again must give for an accepted input.</summary>
internal enum Spelling
{
    /// <summary>The same bytes: a value has one spelling.</summary>
    One,

    /// <summary>
    /// A form that is accepted and encodes to itself: files for people have spaces and orders of keys,
    /// protobuf requests have unknown fields.
    /// </summary>
    Normal,

    /// <summary>Nothing: what is read cannot be written, or reading judges more than it keeps.</summary>
    None,
}

/// <summary>One parser of bytes from outside.</summary>
internal sealed record FuzzTarget
{
    /// <summary>Its name on the command line.</summary>
    public required string Name { get; init; }

    /// <summary>Where fields of a valid input are, and how they are changed.</summary>
    public required Shape Shape { get; init; }

    /// <summary>A valid input.</summary>
    public required Func<CoreGenerator, byte[]> Sample { get; init; }

    /// <summary>Parses. Null, or one of the declared exceptions, is a refusal. Thread-safe.</summary>
    public required Func<byte[], object?> Decode { get; init; }

    /// <summary>Writes what <see cref="Decode"/> gave.</summary>
    public Func<object, byte[]>? Encode { get; init; }

    public Spelling Spelling { get; init; } = Spelling.One;

    /// <summary>The exceptions with which the parser says that it refuses.</summary>
    public ImmutableArray<Type> Declared { get; init; } = [];

    /// <summary>
    /// Most bytes that one call may allocate, whatever comes: a part that does not depend on the input's
    /// length, for messages and exceptions above all.
    /// </summary>
    public int AllocatedBytes { get; init; } = 32 * 1024;

    /// <summary>The part for each byte of input.</summary>
    public int AllocatedPerByte { get; init; } = 64;

    /// <summary>The methods of src that it drives: Type.Method.</summary>
    public ImmutableArray<string> Covers { get; init; } = [];

    public override string ToString() => Name;
}
