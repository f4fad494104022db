// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text;
using TokenLedger.Crypto;

namespace TokenLedger.Evm;

/// <summary>A contract's function, or one of its errors: what a call's data is made of. Immutable.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Inputs">Its parameters' types.</param>
/// <param name="Outputs">What it returns.</param>
public sealed record AbiFunction(string Name, AbiTuple Inputs, AbiTuple Outputs)
{
    /// <summary>Bytes that name a function in a call.</summary>
    public const int SelectorBytes = 4;

    /// <summary>Name and types, as the selector covers them.</summary>
    public string Signature => Name + Inputs;

    /// <summary>The first four bytes of the hash of <see cref="Signature"/>.</summary>
    public ImmutableArray<byte> Selector { get; } =
        [.. Keccak256.Hash(Encoding.ASCII.GetBytes(Name + Inputs)).ToArray()[..SelectorBytes]];

    /// <summary>
    /// Reads e.g. <c>transfer(address,uint256) returns (bool)</c>; parameters may have names.
    /// </summary>
    /// <exception cref="EvmFormatException">It is no function's signature.</exception>
    public static AbiFunction Parse(string text)
    {
        (string name, ImmutableArray<AbiSignature.Parameter> inputs, string rest) = AbiSignature.Parse(text);
        ImmutableArray<AbiSignature.Parameter> outputs = [];
        const string Returns = " returns (";
        int end = 0;
        if (rest.StartsWith(Returns, StringComparison.Ordinal))
        {
            end = Returns.Length;
            outputs = AbiSignature.List(rest, ref end);
        }

        return end == rest.Length && !inputs.Concat(outputs).Any(static one => one.Indexed)
            ? new AbiFunction(name, TupleOf(inputs), TupleOf(outputs))
            : throw new EvmFormatException($"\"{text}\" is no function.");
    }

    /// <summary>The data of a call: selector and arguments.</summary>
    /// <exception cref="ArgumentException">A value does not belong to its type.</exception>
    public byte[] EncodeCall(params object[] arguments) =>
        [.. Selector, .. AbiCodec.Encode(Inputs, arguments)];

    /// <summary>The arguments in a call's data.</summary>
    /// <exception cref="EvmFormatException">It is no call of this.</exception>
    public object[] DecodeCall(ReadOnlySpan<byte> data) => data.StartsWith(Selector.AsSpan())
        ? AbiCodec.Decode(Inputs, data[SelectorBytes..])
        : throw new EvmFormatException($"The data does not begin with the selector of {Signature}.");

    /// <summary>What a call returned.</summary>
    /// <exception cref="EvmFormatException">It cannot have returned that.</exception>
    public object[] DecodeResult(ReadOnlySpan<byte> data) => AbiCodec.Decode(Outputs, data);

    /// <summary>True for the same name and types.</summary>
    public bool Equals(AbiFunction? other) =>
        other is not null && Signature == other.Signature && Outputs.Equals(other.Outputs);

    /// <inheritdoc/>
    public override int GetHashCode() => Signature.GetHashCode(StringComparison.Ordinal);

    internal static AbiTuple TupleOf(IEnumerable<AbiSignature.Parameter> parameters)
    {
        try
        {
            return new AbiTuple([.. parameters.Select(static one => one.Type)]);
        }
        catch (ArgumentException e)
        {
            throw new EvmFormatException(e.Message);
        }
    }
}
