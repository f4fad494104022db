// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {TLBooks, Limits} from "./TLBooks.sol";
import {TLBurnChain} from "./TLBurnChain.sol";
import {TLCodes} from "./TLCodes.sol";
import {Proof, TLProof} from "./TLProof.sol";
import {TLToken} from "./TLToken.sol";
import {TLValidatorSet} from "./TLValidatorSet.sol";

/// @notice One lock of the ledger, to be minted.
/// @param nonce The lock's number, from 1.
/// @param to Who gets the units.
/// @param amount How many.
struct MintItem {
    uint64 nonce;
    address to;
    uint128 amount;
}

/// @title The way of a state asset from the ledger and back.
/// @author TokenLedger
/// @notice Mints what a quorum of the ledger's validators signed, each lock once, and records what is burned
/// so that the validators can prove it. No account mints: there is no role for it.
contract TLBridge is TLBurnChain, TLBooks, EIP712, AccessManaged {
    /// @notice Items of a batch, and nonces of a voiding, at most.
    uint256 public constant MAX_ITEMS = 50;

    /// @notice Gas that must be left before an item is minted: what the token can need at most, so that an
    /// item never fails because its batch came with too little.
    uint256 public constant ITEM_GAS = 150_000;

    bytes32 private constant MINT_ITEM = keccak256("MintItem(uint64 nonce,address to,uint128 amount)");
    bytes32 private constant MINT_BATCH = keccak256(
        "MintBatch(bytes32 ledgerId,uint64 epoch,address token,uint256 cumLocked,uint64 deadline,"
        "MintItem[] items)MintItem(uint64 nonce,address to,uint128 amount)"
    );
    bytes32 private constant VOID_NONCES =
        keccak256("VoidNonces(bytes32 ledgerId,uint64 epoch,address token,uint64[] nonces)");
    bytes32 private constant ADMIN_ACTION = keccak256(
        "AdminAction(bytes32 ledgerId,uint64 epoch,uint64 actionNonce,bytes32 actionHash,uint64 eta)"
    );

    TLValidatorSet private immutable _validatorSet;
    bytes32 private immutable _ledgerId;

    /// @dev Nonces of a word; its last bit says that it was prepared.
    uint256 private constant WORD = 255;

    mapping(uint256 word => uint256 bits) private _consumed;

    /// @dev No listed token calls anybody back. If one did, it would find this, as a batch keeps in memory
    /// what it consumed until its end.
    bool private transient _minting;

    /// @notice Units were minted for a lock.
    /// @param nonce The lock's.
    /// @param token Which token.
    /// @param to Who got them.
    /// @param amount How many.
    event Minted(uint64 indexed nonce, address indexed token, address indexed to, uint128 amount);

    /// @notice An item was not minted; unless its nonce was consumed before, it may come again.
    /// @param nonce The lock's.
    /// @param token Which token.
    /// @param reason A code of `TLCodes`.
    event MintRejected(uint64 indexed nonce, address indexed token, uint8 reason);

    /// @notice A lock will never be minted.
    /// @param nonce The lock's.
    /// @param token Which token.
    event NonceVoided(uint64 indexed nonce, address indexed token);

    /// @notice What is paused, from now on.
    /// @param mint Minting.
    /// @param burn Burning.
    /// @param by Who changed it.
    event PauseChanged(bool mint, bool burn, address indexed by);

    /// @notice Minting is paused.
    error MintPaused();

    /// @notice Burning is paused.
    error BurnPaused();

    /// @notice Too late.
    /// @param deadline Until when it could be done, included.
    error DeadlineOver(uint64 deadline);

    /// @notice Not yet.
    /// @param eta From when on.
    error TooEarly(uint64 eta);

    /// @notice None, or more than fit.
    /// @param count How many.
    error BadBatch(uint256 count);

    /// @notice A word of this item has more than its type.
    /// @param place The item's.
    error BadItem(uint256 place);

    /// @notice Called from within a batch.
    error Reentered();

    /// @notice Nothing to burn.
    error ZeroAmount();

    /// @notice The caller gave too little gas for the next item.
    error TooLittleGas();

    /// @notice A nonce of 0 is never valid.
    error ZeroNonce();

    /// @notice Not a contract, or another bridge's token.
    /// @param account What was given.
    error WrongContract(address account);

    /// @notice Actions come in order.
    /// @param told What was given.
    /// @param needed What is next.
    error WrongActionNonce(uint64 told, uint64 needed);

    /// @notice Points at a validator set.
    /// @param validatorSet_ Whose quorum counts, for ever.
    /// @param authority The access manager.
    constructor(TLValidatorSet validatorSet_, address authority)
        EIP712("TLBridge", "1")
        AccessManaged(authority)
    {
        if (address(validatorSet_).code.length == 0) {
            revert WrongContract(address(validatorSet_));
        }
        _validatorSet = validatorSet_;
        _ledgerId = validatorSet_.ledgerId();
        _consumed[0] = 1 << WORD;
    }

    /// @notice Mints what a hot quorum signed. Anybody may bring it, as often as he likes.
    /// @param token Which token.
    /// @param items 1 to 50 locks; what cannot be minted is left out and reported.
    /// @param deadline Seconds since 1970 until when it may be done, included.
    /// @param cumLocked All that the ledger ever locked of the token, these included.
    /// @param proof The hot quorum's signatures.
    function mintBatch(
        address token,
        MintItem[] calldata items,
        uint64 deadline,
        uint256 cumLocked,
        Proof calldata proof
    ) external {
        if (mintPaused) revert MintPaused();
        if (_minting) revert Reentered();
        // forge-lint: disable-next-line(block-timestamp)
        if (block.timestamp > deadline) revert DeadlineOver(deadline);
        _requireCount(items.length);
        Tally memory tally = _openMint(token, cumLocked);
        _requireSigned(token, items, deadline, cumLocked, proof);
        _minting = true;
        _take(tally, items[0].nonce);
        for (uint256 i = 0; i < items.length; ++i) {
            _mintItem(token, items, i, tally);
        }
        _consumed[tally.first / WORD] = tally.bits;
        _closeMint(token, tally);
        _minting = false;
    }

    /// @notice Consumes nonces of locks that the ledger gives back. Works while minting is paused. What was
    /// minted or voided before stays as it is.
    /// @param token Which token, for the record; nonces are the bridge's.
    /// @param nonces 1 to 50 of them.
    /// @param proof The hot quorum's signatures.
    function voidNonces(address token, uint64[] calldata nonces, Proof calldata proof) external {
        if (_minting) revert Reentered();
        _requireCount(nonces.length);
        (uint64 epoch, bytes32 setHash) = _validatorSet.hotSet();
        bytes32 nonceHash = keccak256(abi.encodePacked(nonces));
        bytes32 structHash = keccak256(abi.encode(VOID_NONCES, _ledgerId, epoch, token, nonceHash));
        TLProof.verify(_hashTypedDataV4(structHash), proof, setHash, epoch);
        for (uint256 i = 0; i < nonces.length; ++i) {
            uint64 nonce = nonces[i];
            if (nonce == 0) revert ZeroNonce();
            if (isConsumed(nonce)) continue;
            _consumed[nonce / WORD] |= 1 << (nonce % WORD);
            emit NonceVoided(nonce, token);
        }
    }

    /// @notice Writes words of consumed nonces before one of them is: the first mint of a word that is empty
    /// would pay 17,100 gas for it. Consumes nothing. Anybody may.
    /// @param word The first word, which has the nonces from 255 times its number.
    /// @param count Words, 1 to 50.
    function prepareNonces(uint64 word, uint64 count) external {
        if (_minting) revert Reentered();
        _requireCount(count);
        for (uint256 i = 0; i < count; ++i) {
            _consumed[word + i] |= 1 << WORD;
        }
    }

    /// @notice Takes the caller's units back to the ledger.
    /// @param token Which token.
    /// @param amount How many.
    /// @param ledgerRecipient The account on the ledger (20 bytes), its tag (8), and 4 zero bytes.
    /// @return nonce The burn's number.
    function burn(address token, uint128 amount, bytes32 ledgerRecipient) external returns (uint64 nonce) {
        nonce = _book(token, msg.sender, amount, ledgerRecipient);
        TLToken(token).crosschainBurn(msg.sender, amount);
    }

    /// @notice As `burn`, and demands that the holder's wallet signed the amount as a permit to the bridge,
    /// which it uses up. A permit that somebody else brought before does as well.
    /// @param token Which token.
    /// @param amount How many.
    /// @param ledgerRecipient As for `burn`.
    /// @param permitDeadline The permit's.
    /// @param v The permit's.
    /// @param r The permit's.
    /// @param s The permit's.
    /// @return nonce The burn's number.
    function burnWithPermit(
        address token,
        uint128 amount,
        bytes32 ledgerRecipient,
        uint256 permitDeadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external returns (uint64 nonce) {
        nonce = _book(token, msg.sender, amount, ledgerRecipient);
        // A failed permit leaves an allowance that may do; if not, the burning says so.
        try TLToken(token).permit(msg.sender, address(this), amount, permitDeadline, v, r, s) {} catch {}
        TLToken(token).allowedBurn(msg.sender, amount);
    }

    /// @notice Takes units back by authority. Pause and limit count as for everybody. For enforcers.
    /// @param token Which token.
    /// @param from Whose units, frozen or not.
    /// @param amount How many.
    /// @param ledgerRecipient As for `burn`.
    /// @return nonce The burn's number.
    function enforcementBurn(address token, address from, uint128 amount, bytes32 ledgerRecipient)
        external
        restricted
        returns (uint64 nonce)
    {
        nonce = _book(token, from, amount, ledgerRecipient);
        TLToken(token).enforcementBurn(from, amount);
    }

    /// @notice Stops minting at once. For guardians.
    function pauseMint() external restricted {
        _pause(true, burnPaused);
    }

    /// @notice Stops burning at once. For guardians.
    function pauseBurn() external restricted {
        _pause(mintPaused, true);
    }

    /// @notice Lifts pauses that a cold quorum agreed to lift, as an AdminAction. Anybody may bring it. A
    /// pause counts as an action, too: what was signed before it does not lift it.
    /// @param mint Lift the pause of minting.
    /// @param burn_ Lift the pause of burning.
    /// @param nonce One more than `actionNonce`.
    /// @param eta Seconds since 1970 before which it must not happen.
    /// @param proof The cold quorum's signatures.
    function unpause(bool mint, bool burn_, uint64 nonce, uint64 eta, Proof calldata proof) external {
        if (nonce != actionNonce + 1) revert WrongActionNonce(nonce, actionNonce + 1);
        // forge-lint: disable-next-line(block-timestamp)
        if (block.timestamp < eta) revert TooEarly(eta);
        _validatorSet.verifyCold(coldDigest(nonce, hashUnpause(mint, burn_), eta), proof);
        actionNonce = nonce;
        if (mint) mintPaused = false;
        if (burn_) burnPaused = false;
        emit PauseChanged(mintPaused, burnPaused, msg.sender);
    }

    /// @notice Makes a token known. For the timelock.
    /// @param token The token, whose bridge this is.
    /// @param limits Its limits.
    function listToken(address token, Limits calldata limits) external restricted {
        if (token.code.length == 0 || TLToken(token).bridge() != address(this)) revert WrongContract(token);
        _list(token, limits);
    }

    /// @notice Lowers limits at once. For limiters.
    /// @param token Which token.
    /// @param limits Each at most, and each window at least, what it is.
    function lowerLimit(address token, Limits calldata limits) external restricted {
        _setLimits(token, limits, true);
    }

    /// @notice Sets limits to anything. For the timelock.
    /// @param token Which token.
    /// @param limits What they become.
    function raiseLimit(address token, Limits calldata limits) external restricted {
        _setLimits(token, limits, false);
    }

    /// @notice Whose quorum counts.
    /// @return The validator set.
    function validatorSet() external view returns (TLValidatorSet) {
        return _validatorSet;
    }

    /// @notice The ledger's genesis hash.
    /// @return It.
    function ledgerId() external view returns (bytes32) {
        return _ledgerId;
    }

    /// @notice Whether a lock was minted or voided.
    /// @param nonce The lock's.
    /// @return True if so; never for 0.
    function isConsumed(uint64 nonce) public view returns (bool) {
        return _consumed[nonce / WORD] & (1 << (nonce % WORD)) != 0;
    }

    /// @notice What the hot quorum signs for an AdminAction in the present epoch.
    /// @param nonce The action's number at the contract that does it.
    /// @param actionHash What is done: keccak256(abi.encode(contract, selector, arguments)).
    /// @param eta Seconds since 1970 before which it must not happen.
    /// @return The digest.
    function adminDigest(uint64 nonce, bytes32 actionHash, uint64 eta) public view returns (bytes32) {
        return _hashTypedDataV4(
            keccak256(abi.encode(ADMIN_ACTION, _ledgerId, _validatorSet.epoch(), nonce, actionHash, eta))
        );
    }

    /// @notice What the cold quorum signs for an AdminAction: of epoch 0, which is the cold set's, so that no
    /// hot quorum makes it worthless by a rotation.
    /// @param nonce The action's number at the contract that does it; 0 where none counts.
    /// @param actionHash What is done: keccak256(abi.encode(contract, selector, arguments)).
    /// @param eta Seconds since 1970 before which it must not happen.
    /// @return The digest.
    function coldDigest(uint64 nonce, bytes32 actionHash, uint64 eta) public view returns (bytes32) {
        return
            _hashTypedDataV4(
                keccak256(abi.encode(ADMIN_ACTION, _ledgerId, uint64(0), nonce, actionHash, eta))
            );
    }

    /// @notice The actionHash of lifting pauses.
    /// @param mint Lift the pause of minting.
    /// @param burn_ Lift the pause of burning.
    /// @return The hash.
    function hashUnpause(bool mint, bool burn_) public view returns (bytes32) {
        return keccak256(abi.encode(address(this), this.unpause.selector, mint, burn_));
    }

    function _pause(bool mint, bool burn_) private {
        if (mint != mintPaused || burn_ != burnPaused) ++actionNonce;
        mintPaused = mint;
        burnPaused = burn_;
        emit PauseChanged(mint, burn_, msg.sender);
    }

    function _book(address token, address from, uint128 amount, bytes32 ledgerRecipient)
        private
        returns (uint64 nonce)
    {
        if (burnPaused) revert BurnPaused();
        if (amount == 0) revert ZeroAmount();
        _bookBurn(token, amount);
        nonce = _append(token, from, ledgerRecipient, amount);
    }

    function _requireSigned(
        address token,
        MintItem[] calldata items,
        uint64 deadline,
        uint256 cumLocked,
        Proof calldata proof
    ) private view {
        (uint64 epoch, bytes32 setHash) = _validatorSet.hotSet();
        bytes32 itemsHash = _hashItems(items);
        bytes32 structHash =
            keccak256(abi.encode(MINT_BATCH, _ledgerId, epoch, token, cumLocked, deadline, itemsHash));
        TLProof.verify(_hashTypedDataV4(structHash), proof, setHash, epoch);
    }

    function _mintItem(address token, MintItem[] calldata items, uint256 i, Tally memory tally) private {
        (uint256 nonce, uint256 to, uint256 amount) = _read(items, i);
        uint256 place;
        // Of a nonce before the first it is a large number.
        unchecked {
            place = nonce - tally.first;
        }
        if (place >= WORD) place = _turn(tally, nonce);
        uint256 bit = 1 << place;
        uint8 reason = tally.bits & bit == 0 ? _refusal(nonce, to, amount, tally) : TLCodes.CONSUMED;
        if (reason == TLCodes.OK) {
            if (gasleft() < ITEM_GAS) revert TooLittleGas();
            if (_crosschainMint(token, to, amount)) {
                // Not more than the tightest limit.
                unchecked {
                    tally.minted += amount;
                }
                tally.bits |= bit;
                // forge-lint: disable-next-line(unsafe-typecast)
                emit Minted(uint64(nonce), token, address(uint160(to)), uint128(amount));
                return;
            }
            // forge-lint: disable-next-line(unsafe-typecast)
            reason = _restriction(token, address(uint160(to)), amount);
        }
        // forge-lint: disable-next-line(unsafe-typecast)
        emit MintRejected(uint64(nonce), token, reason);
    }

    /// @dev Puts back the word of consumed nonces and takes another.
    function _turn(Tally memory tally, uint256 nonce) private returns (uint256 place) {
        _consumed[tally.first / WORD] = tally.bits;
        _take(tally, nonce);
        return nonce - tally.first;
    }

    function _take(Tally memory tally, uint256 nonce) private view {
        uint256 word = nonce / WORD;
        (tally.first, tally.bits) = (word * WORD, _consumed[word]);
    }

    /// @dev By hand, as it is cheaper fifty times; a listed token has code, and answers nothing.
    function _crosschainMint(address token, uint256 to, uint256 amount) private returns (bool done) {
        uint256 selector = uint32(TLToken.crosschainMint.selector);
        assembly ("memory-safe") {
            let call_ := mload(0x40)
            mstore(call_, shl(224, selector))
            mstore(add(call_, 0x04), to)
            mstore(add(call_, 0x24), amount)
            done := call(gas(), token, 0, call_, 0x44, 0x00, 0x00)
        }
    }

    function _refusal(uint256 nonce, uint256 to, uint256 amount, Tally memory tally)
        private
        pure
        returns (uint8)
    {
        if (nonce == 0 || to == 0 || amount == 0) return TLCodes.ZERO;
        if (amount > tally.perItem) return TLCodes.ITEM_CAP;
        // Two numbers below 2¹²⁸.
        unchecked {
            uint256 sum = tally.minted + amount;
            if (sum <= tally.tightest) return TLCodes.OK;
            if (sum > tally.level) return TLCodes.BUCKET;
            return sum > tally.room ? TLCodes.CEILING : TLCodes.BACKING;
        }
    }

    function _restriction(address token, address to, uint256 amount) private view returns (uint8) {
        uint8 code = TLToken(token).detectTransferRestriction(address(0), to, amount);
        return code == TLCodes.OK || code > type(uint8).max - TLCodes.RESTRICTED
            ? TLCodes.FAILED
            : TLCodes.RESTRICTED + code;
    }

    function _requireCount(uint256 count) private pure {
        if (count == 0 || count > MAX_ITEMS) revert BadBatch(count);
    }

    /// @dev An item's words, none of which has more than its type.
    function _read(MintItem[] calldata items, uint256 i)
        private
        pure
        returns (uint256 nonce, uint256 to, uint256 amount)
    {
        assembly ("memory-safe") {
            let item := add(items.offset, mul(i, 0x60))
            nonce := calldataload(item)
            to := calldataload(add(item, 0x20))
            amount := calldataload(add(item, 0x40))
        }
        if ((nonce >> 64) | (to >> 160) | (amount >> 128) != 0) revert BadItem(i);
    }

    /// @dev Items straight from the call: a word with more than its type is refused where the item is read.
    function _hashItems(MintItem[] calldata items) private pure returns (bytes32 hash) {
        bytes32 typeHash = MINT_ITEM;
        assembly ("memory-safe") {
            let hashes := mload(0x40)
            let end := add(hashes, shl(5, items.length))
            mstore(end, typeHash)
            let item := items.offset
            for { let place := hashes } lt(place, end) { place := add(place, 0x20) } {
                calldatacopy(add(end, 0x20), item, 0x60)
                mstore(place, keccak256(end, 0x80))
                item := add(item, 0x60)
            }
            hash := keccak256(hashes, shl(5, items.length))
        }
    }
}
