// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;

namespace TokenLedger.Evm;

/// <summary>Reads the name of a type from left to right.</summary>
internal ref struct AbiTypeParser(ReadOnlySpan<char> text)
{
    private readonly ReadOnlySpan<char> _text = text;
    private ReadOnlySpan<char> _rest = text;

    public AbiType Whole()
    {
        if (_text.Length > EvmLimits.SignatureChars)
        {
            throw new EvmFormatException($"A type has more than {EvmLimits.SignatureChars} characters.");
        }

        try
        {
            AbiType type = Type(0);
            return _rest.IsEmpty ? type : throw Unknown();
        }
        catch (ArgumentException e)
        {
            throw new EvmFormatException(e.Message);
        }
    }

    private AbiType Type(int depth)
    {
        if (depth > EvmLimits.AbiDepth)
        {
            throw Unknown();
        }

        AbiType type = Skip("(") ? Members(depth) : Elementary();
        for (int arrays = 0; Skip("["); arrays++)
        {
            int? length = Skip("]") ? null : Number(EvmLimits.AbiArrayLength);
            if (arrays == EvmLimits.AbiDepth || (length is not null && !Skip("]")))
            {
                throw Unknown();
            }

            type = new AbiArray(type, length);
        }

        return type;
    }

    private AbiTuple Members(int depth)
    {
        ImmutableArray<AbiType>.Builder members = ImmutableArray.CreateBuilder<AbiType>();
        if (Skip(")"))
        {
            return new AbiTuple([]);
        }

        do
        {
            members.Add(Type(depth + 1));
        }
        while (Skip(","));
        return Skip(")") ? new AbiTuple(members.DrainToImmutable()) : throw Unknown();
    }

    private AbiType Elementary()
    {
        if (Skip("uint"))
        {
            return new AbiInteger(Bits());
        }

        if (Skip("int"))
        {
            return new AbiInteger(Bits(), Signed: true);
        }

        if (Skip("bytes"))
        {
            return _rest is [>= '0' and <= '9', ..]
                ? new AbiFixedBytes(Number(UInt256.Size))
                : new AbiBytes();
        }

        return Skip("address") ? new AbiAddress()
            : Skip("bool") ? new AbiBoolean()
            : Skip("string") ? new AbiText()
            : throw Unknown();
    }

    private int Bits() => Number(256) is var bits && bits % 8 == 0 ? bits : throw Unknown();

    /// <summary>A number from 1 on, without leading zeros.</summary>
    private int Number(int max)
    {
        int end = _rest.IndexOfAnyExceptInRange('0', '9');
        ReadOnlySpan<char> digits = end < 0 ? _rest : _rest[..end];
        if (digits is [] or ['0', ..]
            || !int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            || number > max)
        {
            throw Unknown();
        }

        _rest = _rest[digits.Length..];
        return number;
    }

    private bool Skip(string expected)
    {
        if (!_rest.StartsWith(expected, StringComparison.Ordinal))
        {
            return false;
        }

        _rest = _rest[expected.Length..];
        return true;
    }

    private readonly EvmFormatException Unknown() =>
        new($"\"{_text}\" is no type of the ABI that is known here, from \"{_rest}\" on.");
}
