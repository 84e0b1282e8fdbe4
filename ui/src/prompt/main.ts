// The MFA popup.
import { mount } from 'svelte';
import '../lib/tokens.css';
import Prompt from './Prompt.svelte';

const target = document.getElementById('app');
if (target) mount(Prompt, { target });
