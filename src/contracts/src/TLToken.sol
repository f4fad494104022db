// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {IERC7802} from "@openzeppelin/contracts/interfaces/draft-IERC7802.sol";
import {IERC7943Fungible} from "./IERC7943Fungible.sol";
import {TLPolicy} from "./TLPolicy.sol";
import {TLCodes} from "./TLCodes.sol";
import {TLEligibility} from "./TLEligibility.sol";

/// @title A state asset of the ledger, abroad.
/// @author TokenLedger
/// @notice Units exist here only while as many are locked on the ledger: the bridge alone makes and destroys
/// them, and which bridge that is never changes. Who may hold them is asked of the token's policy.
contract TLToken is ERC20, ERC20Permit, AccessManaged, IERC7802, IERC7943Fungible {
    /// @dev One word. What is frozen is stored up to 2²⁴⁸ − 1; there are never more than 2¹²⁸ − 1 units.
    struct Freeze {
        uint248 amount;
        bool all;
    }

    /// @notice The one that mints and burns.
    address public immutable bridge;

    /// @notice Who is denied, whatever the policy: a denied account cannot take its units home either.
    TLEligibility public immutable eligibility;

    uint8 private immutable _decimals;

    /// @notice Who may send to whom. The timelock changes it.
    TLPolicy public policy;

    /// @notice True while nobody transfers; the bridge is not concerned.
    bool public paused;

    mapping(address account => Freeze state) private _freezes;

    /// @notice Transfers stopped or go on.
    /// @param paused Which.
    event Paused(bool paused);

    /// @notice The rule changed.
    /// @param policy Which it is now.
    event PolicySet(TLPolicy indexed policy);

    /// @notice An account was frozen with all that it has and will have, or let go.
    /// @param account Whose.
    /// @param frozen Which.
    event AddressFrozen(address indexed account, bool frozen);

    /// @notice All units and freezes of a lost account went to its owner's new one.
    /// @param lost The account whose key is lost.
    /// @param replacement The new one.
    /// @param amount How many units.
    event Recovered(address indexed lost, address indexed replacement, uint256 amount);

    /// @notice Only the bridge may.
    error OnlyBridge();

    /// @notice There is no such contract, or it does not answer.
    /// @param account What was given.
    error NoContract(address account);

    /// @notice The restriction of this code stands against it.
    /// @param code One of ERC-1404.
    error Restricted(uint8 code);

    modifier onlyBridge() {
        if (msg.sender != bridge) revert OnlyBridge();
        _;
    }

    /// @notice Joins a token to its bridge, register and policy.
    /// @param name_ Its name, also in the domain of its permits.
    /// @param symbol_ Its ticker.
    /// @param decimals_ As many as on the ledger.
    /// @param bridge_ Who alone mints and burns.
    /// @param eligibility_ The register.
    /// @param policy_ Who may send to whom.
    /// @param authority The access manager.
    constructor(
        string memory name_,
        string memory symbol_,
        uint8 decimals_,
        address bridge_,
        TLEligibility eligibility_,
        TLPolicy policy_,
        address authority
    ) ERC20(name_, symbol_) ERC20Permit(name_) AccessManaged(authority) {
        if (bridge_.code.length == 0) revert NoContract(bridge_);
        if (address(eligibility_).code.length == 0) revert NoContract(address(eligibility_));
        _decimals = decimals_;
        bridge = bridge_;
        eligibility = eligibility_;
        _setPolicy(policy_);
    }

    /// @inheritdoc IERC7802
    function crosschainMint(address to, uint256 amount) external onlyBridge {
        uint8 code = _receiving(address(0), to, amount);
        if (code != TLCodes.OK) _refuse(code, address(0), to, amount);
        super._update(address(0), to, amount);
        emit CrosschainMint(to, amount, msg.sender);
    }

    /// @inheritdoc IERC7802
    /// @dev Not stopped by the token's pause, nor by a policy: whoever is not frozen or denied can go home.
    function crosschainBurn(address from, uint256 amount) external onlyBridge {
        _burn(from, amount);
        emit CrosschainBurn(from, amount, msg.sender);
    }

    /// @notice Burns by what the holder allowed the bridge, and uses that up.
    /// @param from Whose units.
    /// @param amount How many.
    function allowedBurn(address from, uint256 amount) external onlyBridge {
        _spendAllowance(from, msg.sender, amount);
        _burn(from, amount);
        emit CrosschainBurn(from, amount, msg.sender);
    }

    /// @notice Burns what an authority takes back, frozen or not. Through the bridge only, so that the ledger
    /// sees it.
    /// @param from Whose units.
    /// @param amount How many.
    function enforcementBurn(address from, uint256 amount) external onlyBridge {
        if (from == address(0)) revert ERC20InvalidSender(from);
        _thaw(from, amount);
        super._update(from, address(0), amount);
        emit CrosschainBurn(from, amount, msg.sender);
    }

    /// @notice Stops or resumes transfers.
    /// @param paused_ Which.
    function setPaused(bool paused_) external restricted {
        paused = paused_;
        emit Paused(paused_);
    }

    /// @notice Puts another rule in place. For the timelock.
    /// @param policy_ The rule; it must answer.
    function setPolicy(TLPolicy policy_) external restricted {
        _setPolicy(policy_);
    }

    /// @notice Freezes all that an account has and will have, or lets it go.
    /// @param account Whose.
    /// @param frozen Which.
    function setAddressFrozen(address account, bool frozen) external restricted {
        _freezes[account].all = frozen;
        emit AddressFrozen(account, frozen);
    }

    /// @inheritdoc IERC7943Fungible
    function setFrozenTokens(address account, uint256 amount) external restricted returns (bool result) {
        // forge-lint: disable-next-line(unsafe-typecast)
        _setFrozen(account, amount > type(uint248).max ? type(uint248).max : uint248(amount));
        return true;
    }

    /// @inheritdoc IERC7943Fungible
    function forcedTransfer(address from, address to, uint256 amount)
        external
        restricted
        returns (bool result)
    {
        _force(from, to, amount);
        return true;
    }

    /// @notice Moves all that an account has, with what of it is frozen, to its owner's new account, and
    /// freezes the lost one.
    /// @param lost The account whose key is lost.
    /// @param replacement The new one, which must be registered itself.
    function recover(address lost, address replacement) external restricted {
        if (lost == replacement) revert ERC7943CannotReceive(replacement);
        uint256 amount = balanceOf(lost);
        uint256 frozen = _freezes[lost].amount;
        bool all = _freezes[lost].all;
        _force(lost, replacement, amount);
        // Frozen units stay frozen, and never more of them than came.
        uint256 moved = frozen < amount ? frozen : amount;
        if (moved != 0) _setFrozen(replacement, uint248(_sum(_freezes[replacement].amount, moved)));
        if (all && !_freezes[replacement].all) {
            _freezes[replacement].all = true;
            emit AddressFrozen(replacement, true);
        }
        _freezes[lost].all = true;
        emit AddressFrozen(lost, true);
        emit Recovered(lost, replacement, amount);
    }

    /// @inheritdoc IERC7943Fungible
    function canReceive(address account) external view returns (bool allowed) {
        return _receiving(address(0), account, 0) == TLCodes.OK;
    }

    /// @inheritdoc IERC7943Fungible
    function canTransfer(address from, address to, uint256 amount) external view returns (bool allowed) {
        return from != address(0) && detectTransferRestriction(from, to, amount) == TLCodes.OK;
    }

    /// @notice ERC-1404: a code in words.
    /// @param code What `detectTransferRestriction` gave.
    /// @return The words.
    function messageForTransferRestriction(uint8 code) external pure returns (string memory) {
        if (code == TLCodes.OK) return "No restriction";
        if (code == TLCodes.PAUSED) return "Transfers are paused";
        if (code == TLCodes.SENDER) return "The sender may not send";
        if (code == TLCodes.RECEIVER) return "The receiver is not registered, or no longer";
        if (code == TLCodes.FROZEN) return "The units are frozen, or there are not so many";
        if (code == TLCodes.CAP) return "The venue would hold more than it may";
        if (code == TLCodes.RECEIVER_FROZEN) return "The receiver is frozen";
        if (code == TLCodes.POLICY) return "The policy did not answer";
        return "Unknown";
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 id) external pure returns (bool) {
        return id == type(IERC165).interfaceId || id == type(IERC7802).interfaceId
            || id == type(IERC7943Fungible).interfaceId;
    }

    /// @inheritdoc ERC20
    function decimals() public view override returns (uint8) {
        return _decimals;
    }

    /// @inheritdoc IERC7943Fungible
    function canSend(address account) public view returns (bool allowed) {
        return !_freezes[account].all && !eligibility.isDenied(account);
    }

    /// @inheritdoc IERC7943Fungible
    function getFrozenTokens(address account) public view returns (uint256 amount) {
        return _freezes[account].all ? type(uint256).max : _freezes[account].amount;
    }

    /// @notice ERC-1404: why a transfer would be refused; 0 if it would not. Never reverts.
    /// @param from The sender; zero asks of minting.
    /// @param to The receiver.
    /// @param amount How many units.
    /// @return The code.
    function detectTransferRestriction(address from, address to, uint256 amount) public view returns (uint8) {
        if (from == address(0)) return _receiving(from, to, amount);
        if (paused) return TLCodes.PAUSED;
        Freeze memory freeze = _freezes[from];
        if (freeze.all) return TLCodes.SENDER;
        uint256 balance = balanceOf(from);
        if (amount > balance || freeze.amount > balance - amount) return TLCodes.FROZEN;
        return _receiving(from, to, amount);
    }

    function _update(address from, address to, uint256 amount) internal override {
        if (to == address(0)) {
            _requireFree(from, amount);
        } else {
            uint8 code = detectTransferRestriction(from, to, amount);
            if (code != TLCodes.OK) _refuse(code, from, to, amount);
        }
        super._update(from, to, amount);
    }

    function _setPolicy(TLPolicy policy_) private {
        policy = policy_;
        // One that cannot answer would stop everything until the timelock could put another in its place.
        if (_asked(address(0), address(this), 0) == TLCodes.POLICY) revert NoContract(address(policy_));
        emit PolicySet(policy_);
    }

    function _setFrozen(address account, uint248 amount) private {
        _freezes[account].amount = amount;
        emit Frozen(account, amount);
    }

    /// @dev By authority: the sender's freeze, pause and standing do not count, the receiver's do.
    function _force(address from, address to, uint256 amount) private {
        if (from == address(0)) revert ERC20InvalidSender(from);
        uint8 code = _receiving(address(0), to, amount);
        if (code != TLCodes.OK) _refuse(code, from, to, amount);
        _thaw(from, amount);
        super._update(from, to, amount);
        emit ForcedTransfer(from, to, amount);
    }

    /// @dev An authority's taking may reach into what is frozen: only what is left stays frozen.
    function _thaw(address from, uint256 amount) private {
        uint256 balance = balanceOf(from);
        uint256 left = amount > balance ? balance : balance - amount;
        // forge-lint: disable-next-line(unsafe-typecast)
        if (_freezes[from].amount > left) _setFrozen(from, uint248(left));
    }

    /// @dev Taken home by its holder: what is frozen stays.
    function _requireFree(address from, uint256 amount) private view {
        Freeze memory freeze = _freezes[from];
        if (freeze.all || eligibility.isDenied(from)) revert ERC7943CannotSend(from);
        uint256 balance = balanceOf(from);
        if (amount <= balance && freeze.amount > balance - amount) {
            _refuse(TLCodes.FROZEN, from, address(0), amount);
        }
    }

    function _receiving(address from, address to, uint256 amount) private view returns (uint8) {
        // Where nobody could ever move units again.
        (address bridge_, bool isDeadEnd) = (bridge, false);
        assembly ("memory-safe") {
            isDeadEnd := or(iszero(to), or(eq(to, address()), eq(to, bridge_)))
        }
        if (isDeadEnd) return TLCodes.RECEIVER;
        if (_freezes[to].all) return TLCodes.RECEIVER_FROZEN;
        return _asked(from, to, amount);
    }

    /// @dev By hand, as what does not answer must not make a view revert.
    function _asked(address from, address to, uint256 amount) private view returns (uint8 code) {
        address rule = address(policy);
        uint256 selector = uint32(TLPolicy.check.selector);
        uint256 answer = type(uint256).max;
        assembly ("memory-safe") {
            let question := mload(0x40)
            mstore(question, shl(224, selector))
            mstore(add(question, 0x04), from)
            mstore(add(question, 0x24), to)
            mstore(add(question, 0x44), amount)
            if staticcall(gas(), rule, question, 0x64, 0x00, 0x20) {
                if gt(returndatasize(), 0x1f) { answer := mload(0x00) }
            }
        }
        // forge-lint: disable-next-line(unsafe-typecast)
        return answer <= type(uint8).max ? uint8(answer) : TLCodes.POLICY;
    }

    function _refuse(uint8 code, address from, address to, uint256 amount) private view {
        if (code == TLCodes.SENDER) revert ERC7943CannotSend(from);
        if (code == TLCodes.RECEIVER || code == TLCodes.RECEIVER_FROZEN) revert ERC7943CannotReceive(to);
        if (code == TLCodes.FROZEN) {
            uint256 balance = balanceOf(from);
            if (amount > balance) revert ERC20InsufficientBalance(from, balance, amount);
            uint256 frozen = _freezes[from].amount;
            revert ERC7943InsufficientUnfrozenBalance(from, amount, frozen > balance ? 0 : balance - frozen);
        }
        revert Restricted(code);
    }

    function _sum(uint256 a, uint256 b) private pure returns (uint256) {
        return a > type(uint248).max - b ? type(uint248).max : a + b;
    }
}
